/// One entry of an account's chain. The genesis is signed by the first client and the recovery key; the account's id is
/// the genesis' hash (`docs/protocol.md`, accounts).
package struct AccountEntry: WireBody {
  package static let fieldName = "account entry"

  /// A program that acts for the account.
  package struct Client: Sendable, Equatable {
    package enum Kind: UInt8, Sendable, CaseIterable {
      case program = 1
      /// One that lives in a browser: may revoke, narrow, redeem and command only.
      case page = 2
    }
    package var key: SigningKey
    package var kind: Kind
    package init(key: SigningKey, kind: Kind) {
      self.key = key
      self.kind = kind
    }

    func write(to writer: inout ByteWriter) {
      writer.write(key)
      writer.write(kind.rawValue)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
      key = try reader.read("client key")
      guard let kind = try Kind(rawValue: reader.read("client kind")) else {
        throw WireError(.unknownValue, "client kind")
      }
      self.kind = kind
    }
  }

  /// The paper key: signs entries and receives epoch keys when every client is lost.
  package struct Recovery: Sendable, Equatable {
    package var signing: SigningKey
    package var suite: SealingSuite
    package var sealing: [UInt8]
    package init(signing: SigningKey, suite: SealingSuite, sealing: [UInt8]) {
      self.signing = signing
      self.suite = suite
      self.sealing = sealing
    }

    func write(to writer: inout ByteWriter) {
      writer.write(signing)
      writer.write(suite.rawValue)
      writer.write(sealing)
    }

    init(_ reader: inout ByteReader) throws(WireError) {
      signing = try reader.read("recovery signing key")
      guard let suite = try SealingSuite(rawValue: reader.read("recovery suite")) else {
        throw WireError(.unknownValue, "recovery suite")
      }
      self.suite = suite
      sealing = try reader.read(count: suite.publicKeyByteCount, "recovery sealing key")
    }
  }

  package enum Change: Sendable, Equatable {
    case genesis(Client, Recovery)
    case add(Client)
    case remove(ClientID)
    /// Signed by the recovery key: restates all clients; may name any earlier predecessor.
    case restate([Client], Recovery)
  }

  /// 1 for the genesis, then +1.
  package var version: UInt32
  /// Hash of the entry before; zero for the genesis.
  package var previous: Digest
  /// Unix µs by the signer's clock; for people, nothing is decided by it.
  package var time: UInt64
  package var change: Change

  package init(version: UInt32, previous: Digest, time: UInt64, change: Change) {
    self.version = version
    self.previous = previous
    self.time = time
    self.change = change
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(version)
    writer.write(previous)
    writer.write(time)
    switch change {
    case .genesis(let client, let recovery):
      writer.write(UInt8(1))
      client.write(to: &writer)
      recovery.write(to: &writer)
    case .add(let client):
      writer.write(UInt8(2))
      client.write(to: &writer)
    case .remove(let client):
      writer.write(UInt8(3))
      writer.write(client)
    case .restate(let clients, let recovery):
      writer.write(UInt8(4))
      writer.write(UInt8(clients.count))
      for client in clients { client.write(to: &writer) }
      recovery.write(to: &writer)
    }
  }

  package init(_ reader: inout ByteReader) throws(WireError) {
    version = try reader.read("account version")
    previous = try reader.read("previous entry")
    time = try reader.read("time")
    switch try reader.read(UInt8.self, "account change") {
    case 1: change = try .genesis(Client(&reader), Recovery(&reader))
    case 2: change = try .add(Client(&reader))
    case 3: change = try .remove(reader.read("client id"))
    case 4:
      let count = try Int(reader.read(UInt8.self, "clients"))
      guard count <= WireLimits.clientsPerAccount else { throw WireError(.overLimit, "clients") }
      var clients: [Client] = []
      for _ in 0..<count { clients.append(try Client(&reader)) }
      change = try .restate(clients, Recovery(&reader))
    default: throw WireError(.unknownValue, "account change")
    }
  }
}

/// An account entry with its one or two signatures (label `account`), each beside the key that made it.
package struct SignedAccountEntry: Sendable, Equatable {
  package struct Signer: Sendable, Equatable {
    package let key: SigningKey
    package let signature: Signature
    package init(key: SigningKey, signature: Signature) {
      self.key = key
      self.signature = signature
    }
  }

  package let body: AccountEntry
  package let bodyBytes: [UInt8]
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

/// A chain, or any list of byte strings, as one body: each entry after its u32 length.
package enum EntryList {
  package static func encode(_ entries: [[UInt8]]) -> [UInt8] {
    var writer = ByteWriter()
    for entry in entries { writer.writeLong(entry) }
    return writer.bytes
  }

  /// - Throws: ``WireError``.
  package static func decode(_ bytes: [UInt8], limit: Int = WireLimits.chainEntryBytes) throws(WireError) -> [[UInt8]] {
    var reader = ByteReader(bytes)
    var entries: [[UInt8]] = []
    while reader.remaining > 0 {
      guard entries.count < WireLimits.chainEntries else { throw WireError(.overLimit, "entries") }
      entries.append(try reader.readLong(limit: limit, "entry"))
    }
    return entries
  }
}
