/// A wish that changes no right, signed by a client with the label `command`.
package struct Command: WireBody {
  package static let fieldName = "command"
  /// What is wished for.
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

  /// - Throws: ``WireError``; `unknownValue` for a wish that nobody knows.
  package init(_ reader: inout ByteReader) throws(WireError) {
    device = try reader.read("device id")
    client = try reader.read("client id")
    counter = try reader.read("counter")
    notAfter = try reader.read("not after")
    kind = try reader.readCase("command")
  }
}
