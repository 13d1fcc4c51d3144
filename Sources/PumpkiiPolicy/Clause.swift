/// One thing the privacy policy says that a program keeps: by a flag that is asked, or as a duty without a switch.
package struct Clause: Sendable, Equatable {
  /// `C1` to `C20`, and `C12a` to `C12e`.
  package let id: String
  /// Verbatim spans of the policy, nothing left out within a span.
  package let quotes: [String]
  /// What the clause comes to here, in one sentence.
  package let summary: String
  /// The flags by which it is kept.
  package let flags: [Flag]
  /// What the programs do whatever the flags say; nil when the flags are all.
  package let duty: String?

  /// The points at which it is kept: those of its flags, then those of its duty.
  package let points: [Point]
  /// Where a duty is kept that no point asks about.
  package let place: String?
  /// Suites of tests that show it, as `Module.Suite`.
  package let tests: [String]
  /// What of it falls to the relay and is not there yet; what is named here is not counted as shown. Nil when nothing
  /// is.
  package let relayPending: String?

  init(
    id: String, quotes: [String], summary: String, flags: [Flag], duty: String? = nil, points: [Point] = [],
    place: String? = nil, tests: [String] = [], relayPending: String? = nil
  ) {
    self.id = id
    self.quotes = quotes
    self.summary = summary
    self.flags = flags
    self.duty = duty
    let all = Set(flags.flatMap(\.points) + points)
    self.points = Point.allCases.filter(all.contains)
    self.place = place
    self.tests = tests
    self.relayPending = relayPending
  }
}
