/// A client's key for receiving epoch keys, announced beside the account chain and signed by that client with the label
/// `sealing-key`; the one with the highest counter holds.
package struct SealingKeyAnnouncement: WireBody {
  package static let fieldName = "sealing key"
  package var account: AccountID
  /// Whose key it is, and who signed.
  package var client: ClientID
  /// Rising with each key of the client.
  package var counter: UInt32
  /// Unix µs.
  package var time: UInt64
  package var suite: SealingSuite
  /// Of the suite.
  package var publicKey: [UInt8]

  package init(
    account: AccountID, client: ClientID, counter: UInt32, time: UInt64, suite: SealingSuite, publicKey: [UInt8]
  ) {
    self.account = account
    self.client = client
    self.counter = counter
    self.time = time
    self.suite = suite
    self.publicKey = publicKey
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(account)
    writer.write(client)
    writer.write(counter)
    writer.write(time)
    writer.write(suite.rawValue)
    writer.write(publicKey)
  }

  /// - Throws: ``WireError``; `unknownValue` for a suite that nobody knows.
  package init(_ reader: inout ByteReader) throws(WireError) {
    account = try reader.read("account id")
    client = try reader.read("client id")
    counter = try reader.read("counter")
    time = try reader.read("time")
    suite = try reader.readCase("suite")
    publicKey = try reader.read(count: suite.publicKeyByteCount, "sealing key")
  }
}
