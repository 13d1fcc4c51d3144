internal import NIOSSL

/// Why TLS did not come about, in a few words. The library's own description names source files of the machine that it
/// was built on, and is for nobody's terminal.
enum TLSProblem: String, Sendable, CaseIterable {
  case unknownIssuer = "no authority that is trusted here vouches for it, or its time is over"
  case otherName = "it is for another name"
  case noTLS = "the other side does not speak TLS"
  case version = "the other side does not speak TLS 1.3"
  case ended = "the other side ended the handshake"
  case other = "the handshake failed"

  init(_ error: any Error) {
    if case NIOSSLError.unableToValidateCertificate = error {
      self = .unknownIssuer
      return
    }
    if error is NIOSSLExtraError {
      self = .otherName
      return
    }
    let text = "\(error)"
    self = Self.words.first { text.contains($0.0) }?.1 ?? .other
  }

  /// BoringSSL's names of its errors, which are stable, and what they mean.
  private static let words: [(String, TLSProblem)] = [
    ("CERTIFICATE_VERIFY_FAILED", .unknownIssuer), ("WRONG_VERSION_NUMBER", .noTLS), ("HTTP_REQUEST", .noTLS),
    ("UNSUPPORTED_PROTOCOL", .version), ("PROTOCOL_VERSION", .version), ("uncleanShutdown", .ended),
    ("eofDuringHandshake", .ended),
  ]
}
