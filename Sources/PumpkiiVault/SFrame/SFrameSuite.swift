/// The SFrame cipher suites that are built in (RFC 9605 §4.5). The protocol uses suite 5 only; suite 4 proves with its
/// published vectors that the code is SFrame and not something that only agrees with itself.
package enum SFrameSuite: UInt16, Sendable, CaseIterable {
  case aes128GCMSHA256 = 4
  case aes256GCMSHA512 = 5

  /// Bytes of the tag of both suites.
  package static let tagByteCount = 16
  /// Bytes of the nonce of both suites.
  package static let nonceByteCount = 12

  /// Bytes of the AES key.
  package var keyByteCount: Int { self == .aes128GCMSHA256 ? 16 : 32 }

  var hash: KeyDerivation.Hash { self == .aes128GCMSHA256 ? .sha256 : .sha512 }
}
