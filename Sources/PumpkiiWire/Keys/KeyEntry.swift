/// One recipient's part of a key message: what HPKE sealed for one sealing key, and on whose behalf.
package struct KeyEntry: WireBody {
  package static let fieldName = "key entry"
  /// A 32-byte key and its 16-byte tag.
  package static let sealedByteCount = 48

  package var suite: SealingSuite
  /// Whose sealing key it is.
  package var client: ClientID
  /// Of the sealing key.
  package var keyID: KeyID
  package var account: AccountID
  /// The account chain's version and head that the device knew when it sealed.
  package var accountVersion: UInt32
  package var accountHead: Digest
  /// Unix µs after which the grant ends; for the screen, the device enforces it.
  package var notAfter: UInt64
  /// HPKE's `enc`, as long as the suite says.
  package var encapsulated: [UInt8]
  /// Kinds of media whose keys are in it.
  package var classes: ClassMask
  /// One for each class of ``classes``, ascending.
  package var sealed: [[UInt8]]

  package init(
    suite: SealingSuite, client: ClientID, keyID: KeyID, account: AccountID, accountVersion: UInt32,
    accountHead: Digest, notAfter: UInt64, encapsulated: [UInt8], classes: ClassMask, sealed: [[UInt8]]
  ) {
    self.suite = suite
    self.client = client
    self.keyID = keyID
    self.account = account
    self.accountVersion = accountVersion
    self.accountHead = accountHead
    self.notAfter = notAfter
    self.encapsulated = encapsulated
    self.classes = classes
    self.sealed = sealed
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(suite.rawValue)
    writer.write(client)
    writer.write(keyID)
    writer.write(account)
    writer.write(accountVersion)
    writer.write(accountHead)
    writer.write(notAfter)
    writer.write(encapsulated)
    writer.write(classes.rawValue)
    for part in sealed { writer.write(part) }
  }

  /// - Throws: ``WireError``; `unknownValue` for a suite or class that nobody knows, and for no class.
  package init(_ reader: inout ByteReader) throws(WireError) {
    suite = try reader.readCase("suite")
    client = try reader.read("client id")
    keyID = try reader.read("key id")
    account = try reader.read("account id")
    accountVersion = try reader.read("account version")
    accountHead = try reader.read("account head")
    notAfter = try reader.read("not after")
    encapsulated = try reader.read(count: suite.encapsulatedByteCount, "enc")
    classes = try ClassMask(rawValue: reader.read("class mask"))
    guard classes.isSubset(of: .all), !classes.isEmpty else { throw WireError(.unknownValue, "class mask") }
    sealed = []
    for _ in classes.classes { sealed.append(try reader.read(count: Self.sealedByteCount, "sealed key")) }
  }
}
