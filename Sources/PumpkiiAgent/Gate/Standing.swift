package import PumpkiiPolicy
package import PumpkiiVault
package import PumpkiiWire

/// Everything a decision and a key message need to know, replaced as a whole so that no reader sees half a change.
package struct Standing: Sendable {
  /// The layers' facts for `decide`, without an account's grant.
  package var facts: Facts
  /// Who receives the next epoch's keys, and of which classes.
  package var recipients: [Recipient]
  /// Of the roster that it follows from, and its hash.
  package var rosterVersion: UInt64
  package var rosterHash: Digest
  /// True once an owner is paired.
  package var isPaired: Bool

  package init(
    facts: Facts, recipients: [Recipient] = [], rosterVersion: UInt64 = 0, rosterHash: Digest = .zero,
    isPaired: Bool = false
  ) {
    self.facts = facts
    self.recipients = recipients
    self.rosterVersion = rosterVersion
    self.rosterHash = rosterHash
    self.isPaired = isPaired
  }
}
