package import PumpkiiChain
package import PumpkiiWire

/// A key message as a relay gave it, its head verified and every entry found in it.
package struct ReceivedKeyMessage: Sendable {
  let head: Signed<KeyHead>
  let entries: [KeyEntry]
  /// Whether all entries of the head are here, as they are for an owner.
  package let isWhole: Bool

  /// - Throws: ``WireError``, ``ChainError`` or ``ClientError``.
  package init(_ bytes: [UInt8], device: DeviceID) throws {
    var parser = WireItemParser()
    parser.append(bytes)
    guard case .control(.keyHead, let head)? = try parser.next() else { throw WireError(.unknownType, "key message") }
    self.head = try KeyHeadCheck.verify(head, device: device)
    var entries: [KeyEntry] = []
    var named = Set(self.head.body.entryDigests)
    while let item = try parser.next() {
      guard case .control(.keyEntry, let entry) = item, named.remove(Hashes.sha256(entry)) != nil else {
        throw WireError(.unknownValue, "key message holds an entry twice, or one that its head does not name")
      }
      entries.append(try KeyEntry(decoding: entry))
    }
    guard parser.pending == 0 else { throw WireError(.truncated, "key message") }
    self.entries = entries
    isWhole = named.isEmpty
  }

  /// The classes that `account` can open, over all its clients.
  func classes(of account: AccountID) -> ClassMask {
    entries.filter { $0.account == account }.reduce(ClassMask()) { $0.union($1.classes) }
  }

  /// Refuses a message that does not tell who has keys now: one that is not whole, an older one than was seen, one of
  /// another roster.
  /// - Throws: ``ClientError`` `client-rolled-back` or `relay-malformed`.
  package func check(roster: Roster, minimumEpoch: UInt32, minimumRoster: UInt64) throws(ClientError) {
    guard head.body.epoch >= minimumEpoch, head.body.rosterVersion >= minimumRoster else { throw Self.isOlder }
    guard roster.contains(version: head.body.rosterVersion, hash: head.body.rosterHash) else {
      throw ClientError(
        .rolledBack, "the camera's keys are of another roster than the relay shows",
        advice: "try again; if it stays, do not trust this relay")
    }
    guard isWhole else {
      throw ClientError(.malformed, "the relay does not show everybody who got a key", advice: "try again")
    }
  }

  /// What a relay that shows an older message, or none any more, is told.
  static var isOlder: ClientError {
    ClientError(
      .rolledBack, "the relay shows an older key message than this account saw before",
      advice: "try again; if it stays, do not trust this relay")
  }
}
