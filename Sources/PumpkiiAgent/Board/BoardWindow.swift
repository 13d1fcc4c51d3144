internal import PumpkiiPolicy
package import PumpkiiWire

/// A line of a schedule as the board is asked for it: its flags hold on these days between two minutes of the day.
package struct BoardWindow: Sendable, Codable, Equatable {
  /// Flags by name.
  package let flags: [String]
  /// 1 is Monday, 7 Sunday: the days on which the window begins.
  package let days: [Int]
  /// Minute of the day, 0 to 1439.
  package let from: Int
  /// Minute of the day, 1 to 1440, exclusive; at or before ``from`` it is on the day after.
  package let to: Int

  package init(flags: [String], days: [Int], from: Int, to: Int) {
    self.flags = flags
    self.days = days
    self.from = from
    self.to = to
  }

  /// The same as it is signed.
  /// - Throws: ``AgentError`` `policy` for a flag that does not exist and for times that are none.
  package func condition() throws(AgentError) -> PolicyConditions.Window {
    for name in flags { _ = try BoardDesk.flag(name) }
    guard !flags.isEmpty, !days.isEmpty, days.allSatisfy((1...7).contains), (0..<1440).contains(from),
      (1...1440).contains(to), from != to
    else {
      throw AgentError(
        .policy, "the times are none", advice: "Name flags, days and times, as sensor.camera=mon-fri,08:00-18:00.")
    }
    let mask = Set(days).reduce(UInt8(0)) { $0 | 1 << UInt8($1 - 1) }
    return PolicyConditions.Window(flags: Set(flags).sorted(), days: mask, from: UInt16(from), to: UInt16(to))
  }
}
