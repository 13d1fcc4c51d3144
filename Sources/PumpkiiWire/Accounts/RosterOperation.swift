/// What an owner's client asks of a device's roster; signed by it with the label `roster` (`redeem` by the guest).
/// The device orders the operations: hash n = SHA-256(hash n−1 ‖ operation bytes).
package struct RosterOperation: WireBody {
  package static let fieldName = "roster operation"

  /// Which of the media a grant covers.
  package enum Scope: UInt8, Sendable, CaseIterable {
    case live = 1
    case recordings = 2
    case both = 3
  }

  /// What an account is to have of the device.
  package struct Grant: Sendable, Equatable {
    package var account: AccountID
    /// The account's chain as the owner knew it: its version and head.
    package var accountVersion: UInt32
    package var accountHead: Digest
    /// Kinds of media that it may open.
    package var classes: ClassMask
    package var scope: Scope
    /// May narrow, photograph and steer (`share.device`).
    package var control: Bool
    /// Unix µs; `until` exclusive, UInt64.max for no end.
    package var from: UInt64
    package var until: UInt64
    /// Seconds a right lasts without a renewing statement.
    package var lease: UInt32

    package init(
      account: AccountID, accountVersion: UInt32, accountHead: Digest, classes: ClassMask, scope: Scope = .both,
      control: Bool = false, from: UInt64 = 0, until: UInt64 = .max, lease: UInt32 = 7 * 86400
    ) {
      self.account = account
      self.accountVersion = accountVersion
      self.accountHead = accountHead
      self.classes = classes
      self.scope = scope
      self.control = control
      self.from = from
      self.until = until
      self.lease = lease
    }
  }

  /// What is asked for.
  package enum Change: Sendable, Equatable {
    case grant(Grant)
    /// Ends everything granted or redeemed under the operation of this hash.
    case revoke(Digest)
    /// Denies one flag on any head.
    case narrow(flag: String)
    case setPolicy(version: UInt64, hash: Digest)
    case addOwner(AccountID, version: UInt32, head: Digest)
    case removeOwner(AccountID)

    /// Holds on any roster head, because it only ever takes away.
    package var appliesOnAnyHead: Bool {
      switch self {
      case .revoke, .narrow, .removeOwner: true
      case .grant, .setPolicy, .addOwner: false
      }
    }
  }

  package var device: DeviceID
  /// Who signed.
  package var client: ClientID
  /// The owner's, and its chain as the client knew it.
  package var account: AccountID
  package var accountVersion: UInt32
  package var accountHead: Digest
  /// The roster hash it was made on.
  package var rosterHash: Digest
  /// Random, so that two equal wishes are two operations.
  package var nonce: Nonce
  package var change: Change

  package init(
    device: DeviceID, client: ClientID, account: AccountID, accountVersion: UInt32, accountHead: Digest,
    rosterHash: Digest, nonce: Nonce, change: Change
  ) {
    self.device = device
    self.client = client
    self.account = account
    self.accountVersion = accountVersion
    self.accountHead = accountHead
    self.rosterHash = rosterHash
    self.nonce = nonce
    self.change = change
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(device)
    writer.write(client)
    writer.write(account)
    writer.write(accountVersion)
    writer.write(accountHead)
    writer.write(rosterHash)
    writer.write(nonce)
    change.write(to: &writer)
  }

  /// - Throws: ``WireError``; `unknownValue` for a change that nobody knows, and for a grant of nothing.
  package init(_ reader: inout ByteReader) throws(WireError) {
    device = try reader.read("device id")
    client = try reader.read("client id")
    account = try reader.read("account id")
    accountVersion = try reader.read("account version")
    accountHead = try reader.read("account head")
    rosterHash = try reader.read("roster hash")
    nonce = try reader.read("nonce")
    change = try Change(&reader)
  }
}

extension RosterOperation.Change {
  func write(to writer: inout ByteWriter) {
    switch self {
    case .grant(let grant):
      writer.write(UInt8(1))
      grant.write(to: &writer)
    case .revoke(let hash):
      writer.write(UInt8(4))
      writer.write(hash)
    case .narrow(let flag):
      writer.write(UInt8(5))
      writer.writeText(flag)
    case .setPolicy(let version, let hash):
      writer.write(UInt8(6))
      writer.write(version)
      writer.write(hash)
    case .addOwner(let account, let version, let head):
      writer.write(UInt8(7))
      writer.write(account)
      writer.write(version)
      writer.write(head)
    case .removeOwner(let account):
      writer.write(UInt8(8))
      writer.write(account)
    }
  }

  /// Kinds 2 (invite) and 3 (redeem) are kept for links.
  init(_ reader: inout ByteReader) throws(WireError) {
    switch try reader.read(UInt8.self, "roster change") {
    case 1: self = try .grant(RosterOperation.Grant(&reader))
    case 4: self = try .revoke(reader.read("revoked hash"))
    case 5: self = try .narrow(flag: reader.readText("flag"))
    case 6: self = try .setPolicy(version: reader.read("policy version"), hash: reader.read("policy hash"))
    case 7:
      self = try .addOwner(
        reader.read("account id"), version: reader.read("account version"), head: reader.read("account head"))
    case 8: self = try .removeOwner(reader.read("account id"))
    default: throw WireError(.unknownValue, "roster change")
    }
  }
}

extension RosterOperation.Grant {
  func write(to writer: inout ByteWriter) {
    writer.write(account)
    writer.write(accountVersion)
    writer.write(accountHead)
    writer.write(classes.rawValue)
    writer.write(scope.rawValue)
    writer.write(control ? UInt8(1) : 0)
    writer.write(from)
    writer.write(until)
    writer.write(lease)
  }

  init(_ reader: inout ByteReader) throws(WireError) {
    account = try reader.read("account id")
    accountVersion = try reader.read("account version")
    accountHead = try reader.read("account head")
    classes = try ClassMask(rawValue: reader.read("classes"))
    guard classes.isSubset(of: .all), !classes.isEmpty else { throw WireError(.unknownValue, "classes") }
    scope = try reader.readCase("scope")
    control = try reader.readTruth("control")
    from = try reader.read("from")
    until = try reader.read("until")
    lease = try reader.read("lease")
  }
}
