/// Which cells of a grid count, and for which zones.
struct WatchedCells: Sendable {
  private let zones: [(name: String, cells: [Int])]
  private let watched: [Bool]
  private let count: Int

  init(_ zones: [DetectionZone]) {
    let includes = zones.filter { $0.kind == .include }
    let excludes = zones.filter { $0.kind == .exclude }
    var watched = [Bool](repeating: false, count: LumaGrid.count)
    var cells = [[Int]](repeating: [], count: includes.count)
    for row in 0..<LumaGrid.rows {
      for column in 0..<LumaGrid.columns where !excludes.contains(where: { $0.contains(column: column, row: row) }) {
        let at = row * LumaGrid.columns + column
        watched[at] = includes.isEmpty
        for (number, zone) in includes.enumerated() where zone.contains(column: column, row: row) {
          watched[at] = true
          cells[number].append(at)
        }
      }
    }
    self.watched = watched
    count = watched.reduce(0) { $0 + ($1 ? 1 : 0) }
    self.zones = zip(includes, cells).map { ($0.name, $1) }
  }

  /// What moves where it counts; nil below `area`, a part of the whole picture.
  func moving(_ changed: [Bool], area: Double) -> (score: Double, zones: [String])? {
    var moving = 0
    for at in changed.indices where changed[at] && watched[at] { moving += 1 }
    let least = max(Int((area * Double(LumaGrid.count)).rounded(.up)), 1)
    guard moving >= least else { return nil }
    let found = zones.filter { zone in zone.cells.reduce(0) { $0 + (changed[$1] ? 1 : 0) } * 2 >= least }
    return (Double(moving) / Double(max(count, 1)), found.map(\.name))
  }
}
