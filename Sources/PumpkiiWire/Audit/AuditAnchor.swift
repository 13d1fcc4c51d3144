/// How far the device has come, signed by it with the label `ledger` and kept beside its key: whoever brings back an
/// older disk, or takes entries away, does not reach this number.
package struct AuditAnchor: WireBody {
  package static let fieldName = "counter"
  /// Where a ledger's first u8 is 1 or 2, so that neither can stand in for the other.
  private static let mark: UInt8 = 3
  /// Where accounts follow.
  private static let markWithAccounts: UInt8 = 5

  /// A ledger's number of entries and the hash after the last.
  package struct Head: Sendable, Hashable {
    /// Entries so far.
    package var count: UInt64
    /// After the last entry; zero before the first.
    package var hash: Digest

    package init(count: UInt64 = 0, hash: Digest = .zero) {
      self.count = count
      self.hash = hash
    }

    /// Further on, or the same.
    func follows(_ old: Head) -> Bool { count > old.count || self == old }
  }

  /// How far an account has come.
  package struct Account: Sendable, Hashable {
    /// The account's chain: its version and head.
    package var chainVersion: UInt32
    package var chainHead: Digest
    /// Of the account's own policy; 0 and zero before the first.
    package var policyVersion: UInt64
    package var policyHash: Digest

    package init(
      chainVersion: UInt32 = 0, chainHead: Digest = .zero, policyVersion: UInt64 = 0, policyHash: Digest = .zero
    ) {
      self.chainVersion = chainVersion
      self.chainHead = chainHead
      self.policyVersion = policyVersion
      self.policyHash = policyHash
    }

    /// Further on, or the same.
    package func follows(_ old: Account) -> Bool {
      (chainVersion > old.chainVersion || (chainVersion == old.chainVersion && chainHead == old.chainHead))
        && (policyVersion > old.policyVersion
          || (policyVersion == old.policyVersion && policyHash == old.policyHash))
    }
  }

  package var device: DeviceID
  package var policyVersion: UInt64
  package var policyHash: Digest
  package var rosterVersion: UInt64
  package var consent: Head
  package var decisions: Head
  /// The highest clip number that was ever given.
  package var clip: UInt64
  /// The accounts of owners and guests. Who is neither any more is left out.
  package var accounts: [AccountID: Account] = [:]

  /// Of a device that has done nothing yet.
  package init(device: DeviceID) {
    self.device = device
    policyVersion = 0
    policyHash = .zero
    rosterVersion = 0
    consent = Head()
    decisions = Head()
    clip = 0
  }

  /// A ledger's head.
  package subscript(log: AuditLog) -> Head {
    get { log == .consent ? consent : decisions }
    set { if log == .consent { consent = newValue } else { decisions = newValue } }
  }

  /// Whether nothing of `old` is taken back; the accounts that both know count.
  package func follows(_ old: AuditAnchor) -> Bool {
    device == old.device && rosterVersion >= old.rosterVersion && clip >= old.clip
      && consent.follows(old.consent) && decisions.follows(old.decisions)
      && (policyVersion > old.policyVersion || (policyVersion == old.policyVersion && policyHash == old.policyHash))
      && accounts.allSatisfy { account, value in old.accounts[account].map(value.follows) ?? true }
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(accounts.isEmpty ? Self.mark : Self.markWithAccounts)
    writer.write(device)
    writer.write(policyVersion)
    writer.write(policyHash)
    writer.write(rosterVersion)
    for head in [consent, decisions] {
      writer.write(head.count)
      writer.write(head.hash)
    }
    writer.write(clip)
    if !accounts.isEmpty { writeAccounts(to: &writer) }
  }

  private func writeAccounts(to writer: inout ByteWriter) {
    let sorted = accounts.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }.prefix(
      WireLimits.countedAccounts)
    writer.write(UInt8(sorted.count))
    for (id, account) in sorted {
      writer.write(id)
      writer.write(account.chainVersion)
      writer.write(account.chainHead)
      writer.write(account.policyVersion)
      writer.write(account.policyHash)
    }
  }

  /// - Throws: ``WireError``; `unknownType` for a ledger's entry.
  package init(_ reader: inout ByteReader) throws(WireError) {
    let mark: UInt8 = try reader.read("counter")
    guard mark == Self.mark || mark == Self.markWithAccounts else { throw WireError(.unknownType, "counter") }
    device = try reader.read("device id")
    policyVersion = try reader.read("policy version")
    policyHash = try reader.read("policy hash")
    rosterVersion = try reader.read("roster version")
    consent = Head(count: try reader.read("entries"), hash: try reader.read("head"))
    decisions = Head(count: try reader.read("entries"), hash: try reader.read("head"))
    clip = try reader.read("clip number")
    if mark == Self.markWithAccounts { accounts = try Self.accounts(&reader) }
  }

  private static func accounts(_ reader: inout ByteReader) throws(WireError) -> [AccountID: Account] {
    let count = try Int(reader.read(UInt8.self, "accounts"))
    guard count > 0 else { throw WireError(.unknownValue, "accounts") }
    var (accounts, last): ([AccountID: Account], AccountID?) = ([:], nil)
    for _ in 0..<count {
      let id: AccountID = try reader.read("account id")
      if let last, !last.bytes.lexicographicallyPrecedes(id.bytes) { throw WireError(.order, "accounts") }
      last = id
      accounts[id] = Account(
        chainVersion: try reader.read("account version"), chainHead: try reader.read("account head"),
        policyVersion: try reader.read("policy version"), policyHash: try reader.read("policy hash"))
    }
    return accounts
  }
}
