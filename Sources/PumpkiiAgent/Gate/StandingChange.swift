internal import PumpkiiPolicy
internal import PumpkiiVault
internal import PumpkiiWire

/// What one standing allows beyond another: decides the order in which a change takes hold. What is withdrawn holds
/// before anything is written or sent, what is gained only after it is on the disk.
package struct StandingChange: Sendable {
  /// Somebody or something loses a right.
  package let narrows: Bool
  /// Somebody or something gains one.
  package let widens: Bool
  /// The recipients or one of their keys differ, so that an epoch must begin.
  package let changesRecipients: Bool
  /// What both allow: holds while the change is on its way.
  package let both: Standing

  package init(from before: Standing, to after: Standing) {
    narrows = Self.exceeds(before, after)
    widens = Self.exceeds(after, before)
    changesRecipients = Set(before.recipients.map(Right.init)) != Set(after.recipients.map(Right.init))
    both = Self.intersection(before, after)
  }

  /// Whether `one` allows anything that `other` does not.
  private static func exceeds(_ one: Standing, _ other: Standing) -> Bool {
    let had = classes(other)
    if one.recipients.contains(where: { !(had[$0.client] ?? []).isSuperset(of: $0.classes) }) { return true }
    return !allowed(one).isSubset(of: allowed(other))
  }

  private static func intersection(_ before: Standing, _ after: Standing) -> Standing {
    var both = after
    if let owner = after.facts.owner {
      both.facts.owner = before.facts.owner.map { old in
        var common = owner
        common.allowed = owner.allowed.intersection(old.allowed).subtracting(old.narrowed)
        return common
      }
      if both.facts.owner == nil { both.facts.ownerProblem = before.facts.ownerProblem }
    }
    let had = classes(before)
    both.recipients = after.recipients.compactMap { recipient in
      var kept = recipient
      kept.classes = recipient.classes.intersection(had[recipient.client] ?? [])
      return kept.classes.isEmpty ? nil : kept
    }
    return both
  }

  private static func classes(_ standing: Standing) -> [ClientID: ClassMask] {
    Dictionary(standing.recipients.map { ($0.client, $0.classes) }) { $0.union($1) }
  }

  private static func allowed(_ standing: Standing) -> Set<Flag> {
    Set(
      Flag.allCases.filter {
        decide(Request(point: .keepSensor, flag: $0), facts: standing.facts, now: 0).allowed
      })
  }

  private struct Right: Hashable {
    let client: ClientID
    let key: [UInt8]
    let classes: ClassMask

    init(_ recipient: Recipient) {
      client = recipient.client
      key = recipient.publicKey
      classes = recipient.classes
    }
  }
}
