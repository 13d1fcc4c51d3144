import Foundation
import Logging
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import ServiceLifecycle
import Testing

/// A clock that steps while the agent runs.
@Suite(.timeLimit(.minutes(10))) struct EpochTimerTests {
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  private func run(
    _ clock: HandClock, _ body: (Household, ClockGuard) async throws -> Void
  ) async throws -> Household {
    var made: ClockGuard?
    let house = try Household { parts in
      made = try? ClockGuard(home: parts.home, time: clock.time) { .word }
      parts.clock = made
      made?.onStepBack { [nudges = parts.nudges] in nudges.update { $0 += 1 } }
    }
    let (keeper, guarded) = (house.keeper, try #require(made))
    let timer = EpochTimer(link: nil, keeper: keeper, logger: Self.quiet, time: clock.time)
    let group = ServiceGroup(services: [timer], logger: Self.quiet)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      #expect(house.bench.standing.value.facts.clock == .trusted)
      try await body(house, guarded)
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
    return house
  }

  @Test func `what holds is brought up to date before the epoch of a step begins`() async throws {
    let clock = HandClock(wall: ClockGuardTests.now)
    _ = try await run(clock) { house, guarded in
      let keeper = house.keeper
      while await keeper.message == nil { await Task.yield() }
      let first = await keeper.message?.head.body.epoch
      clock.step(-Int64(ClockGuardTests.hour))
      // As the gate does, which sees it with the next object.
      let gate = Gate(standing: house.bench.standing, clock: guarded)
      #expect(gate.facts.clock == .jumpedBack)
      #expect(await house.bench.standing.wait { $0.facts.clock == .jumpedBack })
      while await keeper.message?.head.body.epoch == first { await Task.yield() }
    }
  }

  @Test func `the floor is on the disk when the agent ends`() async throws {
    let clock = HandClock(wall: ClockGuardTests.now)
    let house = try await run(clock) { _, _ in clock.pass(100 * ClockGuardTests.second) }
    clock.step(-50 * Int64(ClockGuardTests.second))
    #expect(try ClockGuard(home: house.home, time: clock.time) { .word }.facts() == .jumpedBack)
  }

  @Test func `the floor is on the disk as soon as a flag turned to deny`() async throws {
    let clock = HandClock(wall: ClockGuardTests.now)
    let house = try Household { $0.clock = try? ClockGuard(home: $0.home, time: clock.time) { .word } }
    try await house.allow([.sensorCamera, .shareVideo], version: 1)
    _ = await house.keeper.refreshStanding()
    clock.pass(100 * ClockGuardTests.second)
    _ = await house.keeper.refreshStanding()
    #expect(
      try restart(house, clock, back: 50) == .trusted, "nothing was denied: the floor on the disk is an older one")
    try await house.keeper.narrowOnBoard(.shareVideo)
    _ = await house.keeper.refreshStanding()
    #expect(try restart(house, clock, back: 50) == .jumpedBack)
  }

  /// What a restart would say, had the clock been set back by so many seconds.
  private func restart(_ house: Household, _ clock: HandClock, back seconds: UInt64) throws -> ClockFacts {
    let earlier = HandClock(wall: clock.time.wall() - seconds * ClockGuardTests.second)
    let kept = try house.home.read("clock")
    defer { if let kept { try? house.home.write(kept, "clock") } }
    return try ClockGuard(home: house.home, time: earlier.time) { .word }.facts()
  }
}
