/// What a device or client signs (label `login`) to prove its key to one relay: the relay's origin or pin, the key, and
/// the relay's challenge; never bytes the relay chose alone.
package struct LoginStatement: WireBody {
  package static let fieldName = "login statement"
  /// Which relay the signer believes it talks to.
  package enum Relay: Sendable, Equatable {
    /// Scheme, host and port: `https://relay.example:8443`.
    case origin(String)
    /// SHA-256 of the relay's certificate (DER).
    case pin(Digest)
  }
  package var relay: Relay
  /// Of the key that signs.
  package var keyID: KeyID
  /// What the relay gave out for this login.
  package var challenge: Challenge

  package init(relay: Relay, keyID: KeyID, challenge: Challenge) {
    self.relay = relay
    self.keyID = keyID
    self.challenge = challenge
  }

  package func write(to writer: inout ByteWriter) {
    switch relay {
    case .origin(let origin):
      writer.write(UInt8(1))
      writer.writeText(origin)
    case .pin(let pin):
      writer.write(UInt8(2))
      writer.write(pin)
    }
    writer.write(keyID)
    writer.write(challenge)
  }

  /// - Throws: ``WireError``; `unknownValue` for a relay that is named neither way.
  package init(_ reader: inout ByteReader) throws(WireError) {
    switch try reader.read(UInt8.self, "relay kind") {
    case 1: relay = try .origin(reader.readText("origin"))
    case 2: relay = try .pin(reader.read("pin"))
    default: throw WireError(.unknownValue, "relay kind")
    }
    keyID = try reader.read("key id")
    challenge = try reader.read("challenge")
  }
}
