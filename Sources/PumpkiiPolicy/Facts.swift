/// Everything a decision rests on. Facts are given, never looked up, so that the decision is pure.
package struct Facts: Sendable, Equatable {
  /// What is known against the sensors; nothing by default.
  package var hardware: HardwareFacts
  /// What whoever runs the board allows at most, from its configuration file. Nil where there is no such file, which
  /// leaves everything to the owner; in a file that is there, a flag without a line is denied. A file that cannot be
  /// read is `[:]`.
  package var ceiling: [Flag: Bool]?
  /// Accepted terms and acknowledged risk; nil denies whatever would leave the device.
  package var terms: TermsFacts?
  /// The owner's policy; nil when it is missing, unreadable, unsigned or rolled back, and then everything is denied.
  package var owner: OwnerPolicy?
  /// Why ``owner`` is nil, as the words after "because".
  package var ownerProblem: String?
  /// The rules of the zone that the owner's schedule names; nil denies every scheduled flag.
  package var zone: ZoneRules?
  /// Whether the instant of a decision can be relied on; matters to scheduled flags only.
  package var clock: ClockFacts
  /// What the account of the request was given; for an owner's account ``GrantFacts/owner``.
  package var grant: GrantFacts?

  /// Facts; whatever is left out denies, except a ceiling that does not exist and hardware nothing is known against.
  package init(
    hardware: HardwareFacts = HardwareFacts(), ceiling: [Flag: Bool]? = nil, terms: TermsFacts? = nil,
    owner: OwnerPolicy? = nil, ownerProblem: String? = nil, zone: ZoneRules? = nil, clock: ClockFacts = .unset,
    grant: GrantFacts? = nil
  ) {
    self.hardware = hardware
    self.ceiling = ceiling
    self.terms = terms
    self.owner = owner
    self.ownerProblem = ownerProblem
    self.zone = zone
    self.clock = clock
    self.grant = grant
  }
}
