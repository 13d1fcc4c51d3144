/// A structure of the protocol that encodes to bytes and back.
package protocol WireBody: Sendable, Equatable {
  func write(to writer: inout ByteWriter)
  /// - Throws: ``WireError``.
  init(_ reader: inout ByteReader) throws(WireError)
  static var fieldName: String { get }
}

extension WireBody {
  /// The bytes that are signed.
  package var encoded: [UInt8] {
    var writer = ByteWriter()
    write(to: &writer)
    return writer.bytes
  }

  /// The whole of `bytes`.
  /// - Throws: ``WireError``, also for trailing bytes.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    var reader = ByteReader(bytes)
    try self.init(&reader)
    try reader.finish(Self.fieldName)
  }
}

/// A body and the signature over its exact bytes; stored and forwarded as received, never encoded anew.
package struct Signed<Body: WireBody>: Sendable, Equatable {
  package let body: Body
  /// As received: the signature is over them.
  package let bodyBytes: [UInt8]
  package let signature: Signature

  package init(body: Body, signature: Signature) {
    self.body = body
    bodyBytes = body.encoded
    self.signature = signature
  }

  /// Body ‖ signature.
  /// - Throws: ``WireError``.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    guard bytes.count > Signature.byteCount else { throw WireError(.truncated, Body.fieldName) }
    bodyBytes = Array(bytes.dropLast(Signature.byteCount))
    body = try Body(decoding: bodyBytes)
    signature = try Signature(Array(bytes.suffix(Signature.byteCount)))
  }

  /// Body ‖ signature.
  package var bytes: [UInt8] { bodyBytes + signature.bytes }
}
