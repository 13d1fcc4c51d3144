/// An account entry with its one or two signatures (label `account`), each beside the key that made it.
package struct SignedAccountEntry: Sendable, Equatable {
  /// A key, and what it signed the entry by.
  package struct Signer: Sendable, Equatable {
    package let key: SigningKey
    package let signature: Signature
    package init(key: SigningKey, signature: Signature) {
      self.key = key
      self.signature = signature
    }
  }

  package let body: AccountEntry
  /// As received: the signatures are over them.
  package let bodyBytes: [UInt8]
  /// One or two.
  package let signers: [Signer]

  package init(body: AccountEntry, signers: [Signer]) {
    self.body = body
    bodyBytes = body.encoded
    self.signers = signers
  }

  /// `body length u16 ‖ body ‖ signer count u8 ‖ (key, signature)*`
  package var bytes: [UInt8] {
    var writer = ByteWriter()
    writer.writeShort(bodyBytes)
    writer.write(UInt8(signers.count))
    for signer in signers {
      writer.write(signer.key)
      writer.write(signer.signature)
    }
    return writer.bytes
  }

  /// - Throws: ``WireError``.
  package init(decoding bytes: [UInt8]) throws(WireError) {
    guard bytes.count <= WireLimits.chainEntryBytes else { throw WireError(.overLimit, AccountEntry.fieldName) }
    var reader = ByteReader(bytes)
    bodyBytes = try reader.readShort(AccountEntry.fieldName)
    body = try AccountEntry(decoding: bodyBytes)
    let count = try Int(reader.read(UInt8.self, "signers"))
    guard (1...2).contains(count) else { throw WireError(.overLimit, "signers") }
    var signers: [Signer] = []
    for _ in 0..<count {
      signers.append(Signer(key: try reader.read("signer"), signature: try reader.read("signature")))
    }
    self.signers = signers
    try reader.finish(AccountEntry.fieldName)
  }
}
