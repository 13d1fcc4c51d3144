import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import ServiceLifecycle
import Testing

/// A running agent crosses the instants of its schedule, which nobody brings.
@Suite(.timeLimit(.minutes(1))) struct AttendantTimesTests {
  /// Watched at noon, which comes in two seconds, with a schedule that allows the camera in these minutes of the day.
  private func crossNoon(
    allowing minutes: Range<Int>, _ body: @escaping @Sendable (Attendant) async throws -> Void
  ) async throws {
    let noon = Int(Clocks.unixMicroseconds() / 1_000_000) + 2
    var standing = Bench.standing([.sensorCamera, .shareVideo])
    standing.facts.zone = try NoonZone(noon: noon).rules
    standing.facts.clock = .trusted
    standing.facts.owner?.schedule = NoonZone.schedule(of: [.sensorCamera], minutes: minutes)
    let bench = Bench(allowed: [])
    bench.standing.set(standing)
    let attendant = bench.attendant
    let group = ServiceGroup(services: [attendant], logger: Ledgers.logger)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      bench.watch(ClassMask(.video))
      try await body(attendant)
      #expect(Clocks.unixMicroseconds() >= UInt64(noon) * 1_000_000, "it was the schedule's instant that changed it")
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test func `a camera opens when its time begins`() async throws {
    try await crossNoon(allowing: 720..<780) { attendant in
      #expect(await attendant.directive.wait { $0.camera })
    }
  }

  @Test func `a camera closes when its time ends`() async throws {
    try await crossNoon(allowing: 660..<720) { attendant in
      #expect(await attendant.directive.wait { $0.camera })
      #expect(await attendant.directive.wait { !$0.camera })
    }
  }
}
