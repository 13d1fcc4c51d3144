/// The minutes of a week in which a flag is allowed, as pieces in order that neither touch nor overlap. The week is a
/// ring: a piece that crosses from Sunday to Monday stands in it as two.
struct WeekPlan: Sendable, Equatable {
  static let week: Int64 = 7 * 1440
  private let pieces: [Range<Int64>]

  init(_ entries: [Schedule.Entry]) {
    var raw: [Range<Int64>] = []
    for entry in entries {
      for day in 0..<7 where entry.days.contains(day: day) {
        let start = Int64(day * 1440 + entry.from)
        let end = Int64(day * 1440 + entry.to + (entry.to <= entry.from ? 1440 : 0))
        raw.append(start..<min(end, Self.week))
        if end > Self.week { raw.append(0..<end - Self.week) }
      }
    }
    pieces = Self.merged(raw)
  }

  private static func merged(_ raw: [Range<Int64>]) -> [Range<Int64>] {
    var result: [Range<Int64>] = []
    for piece in raw.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = result.last, piece.lowerBound <= last.upperBound {
        result[result.count - 1] = last.lowerBound..<max(last.upperBound, piece.upperBound)
      } else {
        result.append(piece)
      }
    }
    return result
  }

  /// Whether an instant (Unix µs) lies inside by the zone's wall clock, and the first instant after it that does not
  /// agree.
  func answer(at now: UInt64, in rules: ZoneRules) -> (isInside: Bool, changesAt: UInt64?) {
    let start = Int64(now / 1_000_000)
    let isInside = contains(wall: start + rules.offset(at: start))
    guard let change = firstChange(after: start, from: isInside, in: rules), change > 0 else { return (isInside, nil) }
    return (isInside, UInt64(change) * 1_000_000)
  }

  /// Between two transitions of the zone the next bound of a piece is where the answer changes; a transition can come
  /// first, and change it or not.
  private func firstChange(after start: Int64, from isInside: Bool, in rules: ZoneRules) -> Int64? {
    guard !pieces.isEmpty, pieces != [0..<Self.week] else { return nil }
    var second = start
    // A week without a transition holds every bound, and no zone ever had a hundred weeks in a row with one.
    for _ in 0..<100 {
      let wall = second + rules.offset(at: second)
      let bound = secondsToBound(wall: wall).map { second + $0 }
      guard let transition = rules.transition(after: second), transition < bound ?? .max else { return bound }
      if contains(wall: transition + rules.offset(at: transition)) != isInside { return transition }
      second = transition
    }
    return nil
  }

  private func contains(wall: Int64) -> Bool {
    let minute = Self.minute(ofWall: wall)
    return pieces.contains { $0.contains(minute) }
  }

  /// How long the wall clock goes on until a piece begins or ends; the seam of the week is no bound where both sides of
  /// it are inside.
  private func secondsToBound(wall: Int64) -> Int64? {
    let minute = Self.minute(ofWall: wall)
    guard let first = pieces.first, let last = pieces.last else { return nil }
    let isJoined = first.lowerBound == 0 && last.upperBound == Self.week
    var bound: Int64 = .max
    for piece in pieces {
      if piece.lowerBound > minute { bound = min(bound, piece.lowerBound) }
      if piece.upperBound > minute, !(isJoined && piece.upperBound == Self.week) {
        bound = min(bound, piece.upperBound)
      }
    }
    if bound == .max { bound = Self.week + (isJoined ? first.upperBound : first.lowerBound) }
    return (bound - minute) * 60 - Self.floorModulo(wall, 60)
  }

  /// Unix time began on a Thursday.
  private static func minute(ofWall wall: Int64) -> Int64 {
    floorModulo(wall / 60 - (wall % 60 < 0 ? 1 : 0) + 3 * 1440, week)
  }

  private static func floorModulo(_ value: Int64, _ modulus: Int64) -> Int64 {
    let rest = value % modulus
    return rest < 0 ? rest + modulus : rest
  }
}
