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
  package var keyID: KeyID
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

/// A wish that changes no right, signed by a client with the label `command`.
package struct Command: WireBody {
  package static let fieldName = "command"
  package enum Kind: UInt8, Sendable, CaseIterable {
    case photo = 1
    /// Begin a new epoch now.
    case rotate = 2
  }
  package var device: DeviceID
  package var client: ClientID
  /// Per client, strictly rising.
  package var counter: UInt64
  /// Unix µs; at most 30 s ahead.
  package var notAfter: UInt64
  package var kind: Kind

  package init(device: DeviceID, client: ClientID, counter: UInt64, notAfter: UInt64, kind: Kind) {
    self.device = device
    self.client = client
    self.counter = counter
    self.notAfter = notAfter
    self.kind = kind
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(device)
    writer.write(client)
    writer.write(counter)
    writer.write(notAfter)
    writer.write(kind.rawValue)
  }

  package init(_ reader: inout ByteReader) throws(WireError) {
    device = try reader.read("device id")
    client = try reader.read("client id")
    counter = try reader.read("counter")
    notAfter = try reader.read("not after")
    guard let kind = try Kind(rawValue: reader.read("command")) else { throw WireError(.unknownValue, "command") }
    self.kind = kind
  }
}
