/// Finds motion by frame differences: each look's cells against a background that adapts slowly. What changes the whole
/// picture (light, exposure) is taken out first; what a cell does all the time (noise, leaves) raises its own
/// threshold. A pure machine with a clock handed in.
package struct MotionDetector: Sendable {
  /// Looks at which the background is only learned: a camera that opens still sets its exposure.
  package static let learning = 5
  /// ns without a look after which everything is learned anew.
  package static let forgets: UInt64 = 10_000_000_000
  /// Looks at which it is learned anew after all light changed.
  private static let settling = 3
  /// Part of the picture beyond which a change at one look is a new scene, not something in it.
  private static let scene = 0.7

  package let settings: MotionSettings
  /// Looks that were taken.
  package private(set) var looks: UInt64 = 0
  private var tracker: EventTracker
  private var background: [Float] = []
  private var noise: [Float] = []
  private var learned = 0
  private var last: UInt64?
  private let watch: WatchedCells

  package init(settings: MotionSettings = MotionSettings()) {
    self.settings = settings
    watch = WatchedCells(settings.zones)
    tracker = EventTracker(confirmations: 2, quiet: settings.quiet, holdOff: settings.holdOff)
  }

  /// True while something moves.
  package var isInEvent: Bool { tracker.isInEvent }

  /// Whether a look is due at `time` (CLOCK_MONOTONIC, ns): asked before a look is made, which costs.
  package func isDue(at time: UInt64) -> Bool {
    guard let last else { return true }
    // A tenth early, or a camera's jitter would make every second look one frame late.
    return time < last || time - last >= settings.interval - settings.interval / 10
  }

  /// Looks at a picture.
  package mutating func look(_ grid: LumaGrid, at time: UInt64) -> DetectionReport? {
    looks += 1
    if let last, time < last || time - last > Self.forgets { learned = 0 }
    last = time
    let cells = grid.cells.map { Float($0) / 16 }
    guard learned >= Self.learning else {
      learn(cells)
      return tracker.observe(nil, at: time)
    }
    let light = LightChange(from: background, to: cells)
    guard !light.isStep else { return settle(cells, at: time) }
    let changed = compare(cells, light)
    let count = changed.reduce(0) { $0 + ($1 ? 1 : 0) }
    if Double(count) > Self.scene * Double(LumaGrid.count) { return settle(cells, at: time) }
    let moving = watch.moving(changed, area: settings.minimumArea)
    return tracker.observe(moving?.score, zones: moving?.zones ?? [], at: time)
  }

  /// The camera closed: what moves now is not known any more.
  package mutating func close(at time: UInt64) -> DetectionReport? {
    learned = 0
    last = nil
    return tracker.end(at: time)
  }

  /// Another light or another scene is the background from now on; the next looks go to learning it.
  private mutating func settle(_ cells: [Float], at time: UInt64) -> DetectionReport? {
    background = cells
    learned = Self.learning - Self.settling
    return tracker.observe(nil, at: time)
  }

  private mutating func learn(_ cells: [Float]) {
    if learned == 0 {
      background = cells
      noise = [Float](repeating: 1, count: cells.count)
    } else {
      for at in cells.indices { background[at] += (cells[at] - background[at]) * 0.4 }
    }
    learned += 1
  }

  /// Which cells differ, single ones left out; adapts the background.
  private mutating func compare(_ cells: [Float], _ light: LightChange) -> [Bool] {
    let extra = light.uncertainty
    var differs = [Bool](repeating: false, count: cells.count)
    for at in cells.indices {
      let expected = light.expected(background[at])
      let difference = cells[at] - expected
      let size = abs(difference)
      differs[at] = size > max(settings.threshold, 4 * noise[at]) + extra
      // What was expected is adapted to, what was not is believed only after half a minute.
      background[at] = expected + difference * (differs[at] ? 0.01 : 0.05)
      noise[at] += (min(size, 3 * noise[at] + 0.5) - noise[at]) * (differs[at] ? 0.005 : 0.05)
    }
    return Self.joined(differs)
  }

  /// Cells of which at least two neighbours differ as well.
  private static func joined(_ cells: [Bool]) -> [Bool] {
    let (columns, rows) = (LumaGrid.columns, LumaGrid.rows)
    var kept = cells
    for row in 0..<rows {
      for column in 0..<columns where cells[row * columns + column] {
        var neighbours = -1
        for y in max(row - 1, 0)...min(row + 1, rows - 1) {
          for x in max(column - 1, 0)...min(column + 1, columns - 1) where cells[y * columns + x] { neighbours += 1 }
        }
        if neighbours < 2 { kept[row * columns + column] = false }
      }
    }
    return kept
  }
}
