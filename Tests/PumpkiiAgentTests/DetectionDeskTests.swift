import Logging
import PumpkiiAgent
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiSystem
import Testing

/// What detection found is told to nobody once its permission is gone, not even that it ended.
@Suite struct DetectionDeskTests {
  /// A picture with a bright square that walks.
  private static func grid(_ step: Int) throws -> LumaGrid {
    var cells = [UInt16](repeating: 100 * 16, count: LumaGrid.count)
    for row in 10..<20 {
      for column in step..<step + 10 { cells[row * LumaGrid.columns + column] = 220 * 16 }
    }
    return try #require(LumaGrid(cells: cells))
  }

  /// Reports that were told while something walks, and `change` happened once it was known.
  private func told(_ change: (Bench) -> Void) throws -> [DetectionReport.Stage] {
    let bench = Bench(allowed: [.sensorCamera, .detectMotion])
    try bench.beginEpoch()
    let told = Published<[DetectionReport.Stage]>([])
    let desk = DetectionDesk(
      gate: bench.gate, desk: bench.desk, settings: (MotionSettings(), SoundSettings()), anchor: WallClockAnchor(),
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) { _, report in told.update { $0.append(report.stage) } }
    var now: UInt64 = 1_000_000_000
    for step in [0, 0, 0, 0, 0, 0, 0, 0, 3, 6, 9, 12] {
      desk.look(try Self.grid(step), at: now)
      now += 200_000_000
    }
    #expect(told.value.first == .began)
    told.set([])
    change(bench)
    for step in [15, 18, 21] {
      desk.look(try Self.grid(step), at: now)
      now += 200_000_000
    }
    desk.close(.motion, at: now)
    return told.value
  }

  @Test func whatGoesOnIsTold() throws {
    #expect(try told { _ in }.last == .ended)
  }

  @Test(arguments: [Flag.sensorCamera, .detectMotion]) func whatWasWithdrawnMeanwhileIsNobodys(flag: Flag) throws {
    #expect(
      try told { $0.standing.set(Bench.standing(Set([.sensorCamera, .detectMotion]).subtracting([flag]))) } == [])
  }
}
