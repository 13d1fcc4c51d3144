import Foundation
import Logging
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import Synchronization
import Testing

/// Whether the policy's times may rest on the clock.
@Suite struct ClockGuardTests {
  static let now: UInt64 = 1_800_000_000_000_000
  static let second: UInt64 = 1_000_000
  static let hour: UInt64 = 3_600_000_000
  let folder = NSTemporaryDirectory() + "pumpkii-clock-\(UUID().uuidString)"

  private func with(_ body: (AgentHome, HandClock) throws -> Void) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(AgentHome(folder), HandClock(wall: Self.now))
  }

  /// A closure of its own, out of reach of the macros.
  private static func guarded(_ home: AgentHome, _ clock: HandClock, _ keeper: ClockKeeper) throws -> ClockGuard {
    try ClockGuard(home: home, time: clock.time) { keeper }
  }

  @Test func aClockThatIsKeptIsTrusted() throws {
    try with { home, clock in
      for keeper in ClockKeeper.allCases {
        let facts = try Self.guarded(home, clock, keeper).facts()
        #expect(facts == (keeper == .nothing ? .unset : .trusted), "\(keeper)")
      }
      clock.set(wall: Self.second)
      #expect(try Self.guarded(home, clock, .timeSource).facts() == .unset)
    }
  }

  @Test func aJumpBackDeniesUntilTheOldInstantIsPassedAgain() throws {
    try with { home, clock in
      let guarded = try Self.guarded(home, clock, .word)
      #expect(guarded.facts() == .trusted)
      clock.step(-Int64(Self.second) / 2)
      #expect(guarded.facts() == .trusted, "time services go back by less than a second")
      clock.step(-Int64(Self.hour))
      #expect(guarded.facts() == .jumpedBack)
      clock.pass(Self.hour - 10 * Self.second)
      #expect(guarded.facts() == .jumpedBack)
      clock.pass(10 * Self.second)
      #expect(guarded.facts() == .trusted)
    }
  }

  @Test func aStepBackIsSeenWithoutALookAndToldOnce() throws {
    try with { home, clock in
      let guarded = try Self.guarded(home, clock, .word)
      let told = Mutex(0)
      guarded.onStepBack { told.withLock { $0 += 1 } }
      #expect(!guarded.hasSteppedBack, "nothing is known before the first look")
      _ = guarded.facts()
      clock.pass(4 * Self.second)
      #expect(!guarded.hasSteppedBack)
      clock.step(-30 * Int64(Self.second))
      #expect(guarded.hasSteppedBack && guarded.hasSteppedBack)
      #expect(told.withLock { $0 } == 1)
      #expect(guarded.facts() == .jumpedBack, "the instants since the last look were instants too")
      clock.pass(30 * Self.second)
      #expect(guarded.facts() == .trusted && !guarded.hasSteppedBack)
    }
  }

  @Test func aStepBackAfterASuspensionIsSeenAsWell() throws {
    try with { home, clock in
      let guarded = try Self.guarded(home, clock, .word)
      _ = guarded.facts()
      // The monotonic clock stands still while the machine sleeps.
      clock.step(Int64(Self.hour))
      #expect(!guarded.hasSteppedBack)
      clock.step(-2 * Int64(Self.second))
      #expect(guarded.hasSteppedBack)
    }
  }

  @Test func aJumpBackWhileTheAgentWasOffIsSeenAtItsStart() throws {
    try with { home, clock in
      let first = try Self.guarded(home, clock, .word)
      _ = first.facts()
      clock.pass(300 * Self.second)
      _ = first.facts()
      first.save()
      clock.step(-200 * Int64(Self.second))
      #expect(try Self.guarded(home, clock, .word).facts() == .jumpedBack)
    }
  }

  @Test(arguments: ["garbage\n", "", "18000000", "1800000000000000 \n"])
  func aDamagedFloorTrustsNothingButATimeSource(_ text: String) throws {
    try with { home, clock in
      try home.write(Array(text.utf8), "clock")
      #expect(try Self.guarded(home, clock, .word).facts() == .jumpedBack)
      let guarded = try Self.guarded(home, clock, .timeSource)
      #expect(guarded.facts() == .jumpedBack)
      clock.pass(600 * Self.second)
      #expect(guarded.facts() == .trusted)
      #expect(try Self.guarded(home, clock, .word).facts() == .trusted, "the file is mended")
    }
  }

  @Test func afterAJumpForwardATimeSourceSetsTheFloorAnewAndNothingElseDoes() throws {
    try with { home, clock in
      let keeper = Mutex(ClockKeeper.timeSource)
      let said = Trace()
      let logger = Logger(label: "test") { _ in TraceHandler(trace: said) }
      let guarded = try ClockGuard(home: home, logger: logger, time: clock.time) { keeper.withLock { $0 } }
      clock.step(24 * Int64(Self.hour))
      #expect(guarded.facts() == .trusted)
      clock.step(-24 * Int64(Self.hour))
      #expect(guarded.facts() == .jumpedBack)
      clock.pass(599 * Self.second)
      #expect(guarded.facts() == .jumpedBack)
      // A step and a source that left both begin the trial anew.
      clock.step(-3 * Int64(Self.second))
      #expect(guarded.facts() == .jumpedBack)
      clock.pass(599 * Self.second)
      keeper.withLock { $0 = .battery }
      #expect(guarded.facts() == .jumpedBack)
      keeper.withLock { $0 = .timeSource }
      clock.pass(Self.second)
      #expect(guarded.facts() == .jumpedBack)
      clock.pass(600 * Self.second)
      #expect(guarded.facts() == .trusted)
      #expect(said.all.filter { $0.contains("went back") }.count == 1)
      #expect(said.all.filter { $0.contains("believed again") && $0.contains("kept it for ten minutes:") }.count == 1)
      #expect(try Self.guarded(home, clock, .word).facts() == .trusted, "it is on the disk")
    }
  }

  @Test func theGateDeniesWhatHasTimesFromTheStepOnAndNothingElse() throws {
    try with { home, clock in
      let zone = try #require(ZoneDirectory.rules(named: "UTC"))
      let always = try #require(Schedule.Entry(flags: [.sensorCamera], days: .all, from: 0, to: 1440))
      var owner = OwnerPolicy(version: 1, hash: "00", allowed: [.sensorCamera, .sensorMicrophone])
      owner.schedule = Schedule(entries: [always], zone: "UTC")
      let guarded = try Self.guarded(home, clock, .word)
      let standing = Published(
        Standing(facts: Facts(terms: .accepted, owner: owner, zone: zone, clock: guarded.facts())))
      let gate = Gate(standing: standing, clock: guarded)
      #expect(gate.denial(.keepSensor, .sensorCamera, at: Self.now) == nil)
      clock.step(-2 * Int64(Self.second))
      #expect(gate.denial(.keepSensor, .sensorCamera, at: Self.now)?.layer == .schedule)
      #expect(gate.denial(.keepSensor, .sensorCamera, at: Self.now)?.reason.contains("NTP") == true)
      #expect(gate.denial(.keepSensor, .sensorMicrophone, at: Self.now) == nil)
    }
  }

  @Test func zonesAreReadByNameAndByNothingElse() throws {
    #expect(ZoneDirectory.rules(named: "Europe/Berlin")?.name == "Europe/Berlin")
    for name in ["", "/etc/passwd", "../zoneinfo/UTC", "Europe/", "Nowhere/Land", "Europe/Ber lin", "posix/../UTC"] {
      #expect(ZoneDirectory.rules(named: name) == nil, "\(name)")
    }
  }
}

/// Both clocks, moved by hand.
final class HandClock: Sendable {
  private let state: Mutex<(wall: UInt64, monotonic: UInt64)>

  init(wall: UInt64) { state = Mutex((wall, 50_000_000_000)) }

  var time: ClockGuard.Time {
    ClockGuard.Time(
      wall: { [self] in state.withLock { $0.wall } }, monotonic: { [self] in state.withLock { $0.monotonic } })
  }

  /// Time passes, in µs.
  func pass(_ microseconds: UInt64) {
    state.withLock { state in
      state.wall += microseconds
      state.monotonic += microseconds * 1000
    }
  }

  /// Somebody sets the wall clock.
  func step(_ microseconds: Int64) { state.withLock { $0.wall = UInt64(Int64($0.wall) + microseconds) } }
  func set(wall: UInt64) { state.withLock { $0.wall = wall } }
}

/// What is said in the log.
struct TraceHandler: LogHandler {
  let trace: Trace
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.trace
  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }
  func log(event: LogEvent) { trace.add("\(event.message)") }
}
