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
  /// Flags by name that are allowed after it and were not before, sorted.
  package let gained: [String]
  /// What both allow: holds while the change is on its way.
  package let both: Standing

  /// - Parameter now: Unix µs; times and days are read at this instant.
  package init(from before: Standing, to after: Standing, now: UInt64) {
    let (had, has) = (Self.allowed(before, now), Self.allowed(after, now))
    narrows = !had.isSubset(of: has) || Self.hasMoreRecipients(before, after)
    widens = !has.isSubset(of: had) || Self.hasMoreRecipients(after, before)
    gained = has.subtracting(had).map(\.rawValue).sorted()
    changesRecipients = Set(before.recipients.map(Right.init)) != Set(after.recipients.map(Right.init))
    both = Self.intersection(before, after, had: Self.granted(before, after, now, had))
  }

  /// What `before` gave. Set times that are the same in both deny in `both` by themselves, and so in their own name.
  private static func granted(_ before: Standing, _ after: Standing, _ now: UInt64, _ had: Set<Flag>) -> Set<Flag> {
    guard before.facts.clock == after.facts.clock, before.facts.zone == after.facts.zone,
      before.facts.owner?.schedule == after.facts.owner?.schedule
    else { return had }
    var timeless = before
    timeless.facts.owner?.schedule = .none
    return allowed(timeless, now)
  }

  /// Whether `one` gives a client a class that `other` does not.
  private static func hasMoreRecipients(_ one: Standing, _ other: Standing) -> Bool {
    let had = classes(other)
    return one.recipients.contains { !(had[$0.client] ?? []).isSuperset(of: $0.classes) }
  }

  private static func intersection(_ before: Standing, _ after: Standing, had: Set<Flag>) -> Standing {
    var both = after
    both.facts.owner?.allowed.formIntersection(had)
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

  private static func allowed(_ standing: Standing, _ now: UInt64) -> Set<Flag> {
    Set(
      Flag.allCases.filter {
        decide(Request(point: .keepSensor, flag: $0), facts: standing.facts, now: now).allowed
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
