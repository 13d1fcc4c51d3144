// The four messages of a pairing, in the order of the mailbox (docs/protocol.md, pairing).

/// Device → client: who I am.
package struct PairingOffer: WireBody {
  package static let fieldName = "pairing offer"
  package var deviceKey: SigningKey
  package var nonce: Nonce
  package init(deviceKey: SigningKey, nonce: Nonce) {
    self.deviceKey = deviceKey
    self.nonce = nonce
  }
  package func write(to writer: inout ByteWriter) {
    writer.write(deviceKey)
    writer.write(nonce)
  }
  /// - Throws: ``WireError`` `truncated`.
  package init(_ reader: inout ByteReader) throws(WireError) {
    deviceKey = try reader.read("device key")
    nonce = try reader.read("device nonce")
  }
}

/// Client → device: the owner-to-be's account, its sealing keys, and proof that the secret was seen.
package struct PairingAnswer: WireBody {
  package static let fieldName = "pairing answer"
  /// Encoded ``SignedAccountEntry`` values, genesis first.
  package var chain: [[UInt8]]
  /// Encoded ``Signed`` ``SealingKeyAnnouncement`` values.
  package var sealingKeys: [[UInt8]]
  package var clientKey: SigningKey
  package var nonce: Nonce
  /// Proves that the client knows the secret of the pairing code.
  package var mac: Digest
  package init(chain: [[UInt8]], sealingKeys: [[UInt8]], clientKey: SigningKey, nonce: Nonce, mac: Digest) {
    self.chain = chain
    self.sealingKeys = sealingKeys
    self.clientKey = clientKey
    self.nonce = nonce
    self.mac = mac
  }
  package func write(to writer: inout ByteWriter) {
    writer.writeLong(EntryList.encode(chain))
    writer.writeLong(EntryList.encode(sealingKeys))
    writer.write(clientKey)
    writer.write(nonce)
    writer.write(mac)
  }
  /// - Throws: ``WireError``; `overLimit` for lists that are too long.
  package init(_ reader: inout ByteReader) throws(WireError) {
    chain = try EntryList.decode(reader.readLong(limit: WireLimits.controlBytes, "account chain"))
    sealingKeys = try EntryList.decode(reader.readLong(limit: WireLimits.controlBytes, "sealing keys"))
    clientKey = try reader.read("client key")
    nonce = try reader.read("client nonce")
    mac = try reader.read("client MAC")
  }
}

/// Device → client: the same proof, and entry 1 of the roster.
package struct PairingConfirmation: WireBody {
  package static let fieldName = "pairing confirmation"
  /// Proves that the device knows it too.
  package var mac: Digest
  /// Encoded ``Signed`` ``RosterGenesis``.
  package var genesis: [UInt8]
  package init(mac: Digest, genesis: [UInt8]) {
    self.mac = mac
    self.genesis = genesis
  }
  package func write(to writer: inout ByteWriter) {
    writer.write(mac)
    writer.writeShort(genesis)
  }
  /// - Throws: ``WireError``; `overLimit` for a genesis that is too long.
  package init(_ reader: inout ByteReader) throws(WireError) {
    mac = try reader.read("device MAC")
    genesis = try reader.readShort(limit: WireLimits.chainEntryBytes, "roster genesis")
  }
}

/// Client → device: I keep you. Signed by the client with the label `roster`; without it the device drops entry 1.
package struct PairingDone: WireBody {
  package static let fieldName = "pairing done"
  package var device: DeviceID
  /// SHA-256(zero ‖ genesis bytes): the roster's hash after entry 1.
  package var rosterHash: Digest
  package init(device: DeviceID, rosterHash: Digest) {
    self.device = device
    self.rosterHash = rosterHash
  }
  package func write(to writer: inout ByteWriter) {
    writer.writeText("paired")
    writer.write(device)
    writer.write(rosterHash)
  }
  /// - Throws: ``WireError``; `unknownValue` for another first word than `paired`.
  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.readText("done") == "paired" else { throw WireError(.unknownValue, "done") }
    device = try reader.read("device id")
    rosterHash = try reader.read("roster hash")
  }
}
