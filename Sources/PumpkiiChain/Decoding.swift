internal import PumpkiiWire

/// Decoders of the wire, with their error put into the words of this room.
enum Decoding {
  /// - Throws: ``ChainError`` `malformed`.
  static func signed<Body: WireBody>(_: Body.Type, _ bytes: [UInt8]) throws(ChainError) -> Signed<Body> {
    guard bytes.count <= WireLimits.controlBytes else { throw ChainError(.malformed, "\(Body.fieldName) is too long") }
    do {
      return try Signed<Body>(decoding: bytes)
    } catch {
      throw ChainError(.malformed, error.description)
    }
  }

  /// - Throws: ``ChainError`` `malformed`.
  static func accountEntry(_ bytes: [UInt8]) throws(ChainError) -> SignedAccountEntry {
    do {
      return try SignedAccountEntry(decoding: bytes)
    } catch {
      throw ChainError(.malformed, error.description)
    }
  }
}
