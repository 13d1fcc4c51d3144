/// The owner's times and days. A flag that an entry names is allowed only inside one of its entries; a flag that none
/// names is not touched. A schedule only ever narrows.
package struct Schedule: Sendable, Equatable {
  /// Days of the week, Monday first.
  package struct Days: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue & 0x7F }

    package static let monday = Days(rawValue: 1)
    package static let tuesday = Days(rawValue: 2)
    package static let wednesday = Days(rawValue: 4)
    package static let thursday = Days(rawValue: 8)
    package static let friday = Days(rawValue: 16)
    package static let saturday = Days(rawValue: 32)
    package static let sunday = Days(rawValue: 64)
    package static let all = Days(rawValue: 0x7F)

    /// Whether the day is among them; 0 is Monday.
    func contains(day: Int) -> Bool { rawValue & (1 << UInt8(day)) != 0 }
  }

  /// Some flags, on some days, between two times of the wall clock.
  package struct Entry: Sendable, Hashable {
    /// The flags that are allowed in it.
    package let flags: Set<Flag>
    /// The days on which it begins.
    package let days: Days
    /// The minute of the day with which it begins, 0 to 1439.
    package let from: Int
    /// The minute with which it has ended, 0 to 1440. Not after ``from``, it is the next day's.
    package let to: Int

    /// An entry; nil for minutes that no day has.
    package init?(flags: Set<Flag>, days: Days, from: Int, to: Int) {
      guard (0..<1440).contains(from), (0...1440).contains(to) else { return nil }
      self.flags = flags
      self.days = days
      self.from = from
      self.to = to
    }
  }

  /// The entries as the owner wrote them.
  package let entries: [Entry]
  /// The zone whose wall clock they mean, by its name in the zone database.
  package let zone: String
  /// What they come to for each flag, made once.
  private let plans: [Flag: WeekPlan]

  /// A schedule by the wall clock of a zone.
  package init(entries: [Entry], zone: String) {
    self.entries = entries
    self.zone = zone
    var plans: [Flag: WeekPlan] = [:]
    for flag in Set(entries.flatMap(\.flags)) {
      plans[flag] = WeekPlan(entries.filter { $0.flags.contains(flag) })
    }
    self.plans = plans
  }

  /// No schedule: every flag at any time.
  package static let none = Schedule(entries: [], zone: "")

  /// Whether an entry names the flag.
  package func names(_ flag: Flag) -> Bool { plans[flag] != nil }

  /// What it says about a flag at an instant, in Unix µs; nil for a flag that no entry names. The instant of change is
  /// the first at which the answer differs, nil when it never does.
  package func answer(for flag: Flag, at now: UInt64, in rules: ZoneRules) -> (isInside: Bool, changesAt: UInt64?)? {
    plans[flag].map { $0.answer(at: now, in: rules) }
  }
}
