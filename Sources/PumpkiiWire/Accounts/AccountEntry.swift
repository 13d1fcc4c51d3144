/// One entry of an account's chain. The genesis is signed by the first client and the recovery key; the account's id is
/// the genesis' hash (`docs/protocol.md`, accounts).
package struct AccountEntry: WireBody {
  package static let fieldName = "account entry"

  /// A program that acts for the account.
  package struct Client: Sendable, Equatable {
    /// Where it runs, and so what it may.
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
      kind = try reader.readCase("client kind")
    }
  }

  /// The paper key: signs entries and receives epoch keys when every client is lost.
  package struct Recovery: Sendable, Equatable {
    /// Signs entries of the chain.
    package var signing: SigningKey
    package var suite: SealingSuite
    /// A public key of the suite, for epoch keys.
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
      suite = try reader.readCase("recovery suite")
      sealing = try reader.read(count: suite.publicKeyByteCount, "recovery sealing key")
    }
  }

  /// What an entry does to the account.
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

  /// - Throws: ``WireError``; `unknownValue` for a change, kind or suite that nobody knows, `overLimit` for too many
  ///   clients.
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
