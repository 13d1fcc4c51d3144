package import PumpkiiWire

extension RosterOperation.Grant {
  /// Between its first instant and its end.
  package func isLive(at now: UInt64) -> Bool { from <= now && now < until }
}

// What a roster says about an account at an instant.
extension Roster {
  /// The classes whose keys an account may have. Owners: all four. Guests: the union of their live grants, never the
  /// event class. Whether a right is for live or recordings is kept by delivery, not by different keys.
  package func rights(of account: AccountID, now: UInt64) -> ClassMask {
    if owners.contains(account) { return .all }
    return grants.values
      .filter { $0.account == account && $0.isLive(at: now) }
      .reduce(ClassMask()) { $0.union($1.classes) }
      .subtracting(ClassMask(.event))
  }

  /// May an account command the device: an owner, or a guest with a live grant that includes control.
  package func mayControl(_ account: AccountID, now: UInt64) -> Bool {
    owners.contains(account)
      || grants.values.contains { $0.account == account && $0.control && $0.isLive(at: now) }
  }

  /// The last instant at which an account's present rights hold, exclusive: the latest end of its live grants,
  /// UInt64.max for owners and nil without a right.
  package func end(of account: AccountID, now: UInt64) -> UInt64? {
    if owners.contains(account) { return .max }
    return grants.values.filter { $0.account == account && $0.isLive(at: now) }.map(\.until).max()
  }

  /// Owners, then everybody with a live grant, in the order of the ids.
  package func recipients(now: UInt64) -> [AccountID] {
    let guests = Set(grants.values.filter { $0.isLive(at: now) }.map(\.account)).subtracting(owners)
    return owners + guests.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
  }

  /// The next instant at which rights change by themselves; nil when they never will.
  package func nextChange(after now: UInt64) -> UInt64? {
    grants.values.flatMap { [$0.from, $0.until] }.filter { $0 > now && $0 != .max }.min()
  }
}
