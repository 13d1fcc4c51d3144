import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import Synchronization
import Testing

/// What somebody on the board asks of recordings.
@Suite struct ClipWishTests {
  private struct Unexpected: Error {}

  private final class Heard: Sendable {
    let lengths = Mutex<[UInt64?]>([])
    let released = Mutex<[[UInt64]?]>([])
  }

  private func desk(_ house: Household, _ heard: Heard) -> BoardDesk {
    BoardDesk(
      keeper: house.keeper, gate: house.bench.gate,
      record: { length in
        heard.lengths.withLock { $0.append(length) }
        return .begins
      },
      upload: { (numbers) throws(AgentError) in heard.released.withLock { $0.append(numbers) } })
  }

  private func recording() async throws -> Household {
    let house = try Household()
    try await house.allow([.sensorMicrophone, .recordLocal], version: 1)
    return house
  }

  @Test func aClipIsWishedForSecondsOrThePostRoll() async throws {
    let house = try await recording()
    let heard = Heard()
    let desk = desk(house, heard)
    for seconds in [nil, 1, 3600] as [Int?] {
      guard case .done(let outcome) = await desk.answer(.record(seconds: seconds)) else { throw Unexpected() }
      #expect(outcome.wish == BoardOutcome.Wish(kind: .begins))
    }
    #expect(heard.lengths.withLock { $0 } == [nil, 1_000_000_000, 3_600_000_000_000])
    for seconds in [0, -1, 3601, .max] {
      guard case .failed(_, let reason, let advice) = await desk.answer(.record(seconds: seconds)) else {
        throw Unexpected()
      }
      #expect(reason.contains("\(seconds)") && !advice.isEmpty)
    }
    #expect(heard.lengths.withLock { $0.count } == 3)
  }

  /// Also where recording is allowed and no sensor is: nothing would come of it.
  @Test(arguments: [[Flag](), [.sensorCamera, .sensorMicrophone], [.recordLocal]])
  func whereNothingCanBeRecordedTheReasonIsSaidAndNobodyIsAsked(allowed: [Flag]) async throws {
    let house = try Household()
    try await house.allow(allowed, version: 1)
    let heard = Heard()
    guard case .failed(_, let reason, let advice) = await desk(house, heard).answer(.record(seconds: nil)) else {
      throw Unexpected()
    }
    let flag = allowed.contains(.recordLocal) ? "sensor.camera" : "record.local"
    #expect(reason.contains("nothing is recorded now: \(flag)") && advice.contains("explain \(flag)"), "\(reason)")
    #expect(heard.lengths.withLock { $0.isEmpty })
  }

  @Test func withoutAnAgentNothingRecords() async throws {
    let house = try await recording()
    guard
      case .failed(_, let reason, _) = await BoardDesk(keeper: house.keeper, gate: house.bench.gate)
        .answer(.record(seconds: nil))
    else { throw Unexpected() }
    #expect(reason.contains("no agent runs"))
  }

  @Test func whereEverythingIsRecordedAWishChangesNothingAndSaysInWhichClipItIs() async throws {
    var settings = RecordSettings()
    settings.mode = .continuous
    let bench = try RecordBench(settings)
    #expect(bench.recorder.wish(for: nil) == .always(nil), "nothing came yet")
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.wish(for: 1_000_000_000) == .always(1))
      try bench.film(seconds: 10)
      #expect(bench.recorder.report.value.isRecording, "the wish ends no clip")
      bench.recorder.allowed(record: false)
      #expect(bench.recorder.wish(for: nil) == .denied)
    }
  }

  @Test func aWishForAnOpenClipKeepsItOpen() async throws {
    var settings = RecordSettings()
    settings.mode = .manual
    let bench = try RecordBench(settings)
    try await bench.run { bench in
      try bench.beginEpoch()
      #expect(bench.recorder.wish(for: 2_000_000_000) == .begins)
      try bench.film(seconds: 1)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.wish(for: 20_000_000_000) == .goesOn(1))
      try bench.film(seconds: 15)
      #expect(bench.recorder.report.value.isRecording)
    }
  }

  @Test func theWordsSayWhatHappens() {
    let instant = { (time: UInt64) in "instant \(time)" }
    let begins = BoardOutcome.Wish(kind: .begins, until: 7).words(seconds: 30, instant: instant)
    #expect(
      begins == "A clip begins with the next picture or sound and goes on for 30 seconds, and not beyond instant 7, "
        + "when the owner's times deny it.")
    let goesOn = BoardOutcome.Wish(kind: .goesOn, clip: 4).words(seconds: nil, instant: instant)
    #expect(goesOn == "Clip 4 is being recorded already; it goes on for record.post_roll_seconds from now.")
    let always = BoardOutcome.Wish(kind: .always, clip: 9).words(seconds: 5, instant: instant)
    #expect(
      always == "Nothing to begin: record.mode is continuous, so everything is recorded anyway, now into clip 9, "
        + "without an end.")
  }

  @Test func clipsAreReleasedByTheRunningAgentAlone() async throws {
    let house = try Household()
    let heard = Heard()
    let desk = desk(house, heard)
    guard case .done = await desk.answer(.upload([3, 4])), case .done = await desk.answer(.upload(nil)) else {
      throw Unexpected()
    }
    #expect(heard.released.withLock { $0 } == [[3, 4], nil])
    let idle = BoardDesk(keeper: house.keeper, gate: house.bench.gate)
    guard case .failed = await idle.answer(.upload(nil)) else { throw Unexpected() }
  }
}
