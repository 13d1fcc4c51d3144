import Foundation
import PumpkiiCapture
import PumpkiiMedia
import PumpkiiSimulation
import PumpkiiSystem
import Synchronization
import Testing

/// What an observer was told.
final class Told: Sendable {
  private let book = Mutex<[SensorEvent]>([])
  var events: [SensorEvent] { book.withLock { $0 } }
  func add(_ event: SensorEvent) { book.withLock { $0.append(event) } }
}

@Suite struct FaultTests {
  private let clock = ManualClock()

  private func camera(_ faults: [Fault], fps: Double = 10, format: CameraProfile.Format = .grey) throws -> FakeCamera {
    var profile = smallCamera(fps: fps, format: format, faults: faults)
    profile.hasShutter = faults.contains { $0.kind == .shutter }
    return try #require(try device(camera: profile, clock: clock).camera)
  }

  private func microphone(_ faults: [Fault]) throws -> any MicrophoneSession {
    try #require(try device(microphone: MicrophoneProfile(faults: faults), clock: clock).microphone).open()
  }

  private func black(_ frame: CapturedFrame) -> Bool { frame.bytes.allSatisfy { $0 == 16 } }

  @Test(arguments: [(Fault.Kind.stall, CaptureLoss.damaged), (.errorBit, .damaged), (.lose, .gap)])
  func whatIsLostLeavesAStepAndAReason(kind: Fault.Kind, reason: CaptureLoss) throws {
    let session = try camera([Fault(kind, at: 3, count: 4)]).open()
    #expect(try collect(session, 5).map(\.sequence) == [0, 1, 2, 7, 8])
    #expect(session.counters.lost == [reason: 4])
    #expect(session.counters.delivered == 5)
  }

  @Test func aFaultOfATimeBeginsAndEndsThere() throws {
    let session = try camera([Fault(.errorBit, when: .time(250_000_000), length: 200_000_000)]).open()
    // Frames at 0, 100, 200 ms; those at 300 and 400 ms are lost.
    #expect(try collect(session, 5).map(\.sequence) == [0, 1, 2, 5, 6])
  }

  @Test func theShutterIsToldAtOpeningAndAtEachChangeAndFramesGoOnBlack() throws {
    let told = Told()
    let session = try camera([Fault(.shutter, at: 2, count: 3)]).open(observer: told.add)
    #expect(told.events == [.shutter(isClosed: false)])
    let frames = try collect(session, 7)
    #expect(frames.map(black) == [false, false, true, true, true, false, false])
    #expect(frames.map(\.sequence) == Array(0..<7))
    #expect(told.events == [.shutter(isClosed: false), .shutter(isClosed: true), .shutter(isClosed: false)])
    #expect(session.counters.lost.isEmpty)
  }

  @Test(arguments: [CameraProfile.Format.mjpeg, .h264])
  func codedFramesTurnBlackToo(format: CameraProfile.Format) throws {
    let session = try camera([Fault(.shutter, at: 4, count: 8)], format: format).open()
    let frames = try collect(session, 12)
    let processed = frames.map(\.bytes.count)
    #expect(processed[8] < processed[0] / 2)
    if format == .mjpeg {
      let picture = try JPEGDecoder().decode(frames[8].bytes)
      #expect(picture.luma.allSatisfy { $0 < 4 })
      #expect(PatternReader(width: 320, height: 240).read(picture.luma) == nil)
    }
  }

  @Test func aCameraWithoutAShutterTellsNothing() throws {
    let told = Told()
    _ = try collect(try camera([]).open(observer: told.add), 3)
    #expect(told.events.isEmpty)
  }

  @Test func aDroppedRateHasNoStepInItsNumbers() throws {
    let start = clock.now()
    let session = try camera([Fault(.rateDrop, at: 2, count: 3)]).open()
    let frames = try collect(session, 8)
    #expect(frames.map(\.sequence) == Array(0..<8))
    #expect(frames.map { ($0.timestamp - start) / 1_000_000 } == [0, 100, 200, 400, 600, 800, 900, 1000])
    #expect(session.counters.lost.isEmpty)
    clock.advance(by: .milliseconds(250))
    #expect(session.close() == 10)
  }

  @Test func aRateThatDropsForATimeIsBackAfterIt() throws {
    let start = clock.now()
    let session = try camera([Fault(.rateDrop, when: .time(200_000_000), length: 1_000_000_000)]).open()
    let times = try collect(session, 10).map { ($0.timestamp - start) / 1_000_000 }
    #expect(times == [0, 100, 200, 400, 600, 800, 1000, 1200, 1300, 1400])
  }

  @Test func ratesThatDropTwiceAtOnceDropOnce() throws {
    let start = clock.now()
    let session = try camera([Fault(.rateDrop, at: 4, count: 2), Fault(.rateDrop, at: 1, count: 4)]).open()
    let times = try collect(session, 8).map { ($0.timestamp - start) / 1_000_000 }
    #expect(times == [0, 100, 300, 500, 700, 900, 1100, 1200])
  }

  @Test func theFirstOfTwoEndsIsTheEnd() throws {
    for faults in [[Fault(.freeze, at: 5), Fault(.unplug, at: 2)], [Fault(.unplug, at: 2), Fault(.freeze, at: 5)]] {
      let session = try camera(faults).open()
      #expect(try collect(session, 2).count == 2)
      #expect(captureError { () throws(CaptureError) in try session.next(timeout: .seconds(60)) }?.code == .gone)
      #expect(session.close() == 2)
    }
  }

  @Test func aControlStallLetsTheStreamGoOnAndFailsTheNextOpeningAfterItsTime() throws {
    let camera = try camera([Fault(.controlStall, at: 2)])
    let session = try camera.open()
    #expect(try collect(session, 6).count == 6)
    session.close()
    let before = clock.now()
    #expect(captureError { () throws(CaptureError) in try camera.open() }?.code == .frozen)
    #expect(clock.now() - before == 5_000_000_000)
    #expect(try collect(try camera.open(), 3).count == 3)
  }

  @Test func pullingTheCableEndsAnOpeningThatWaits() async throws {
    let clock = ManualClock(jumps: false)
    let device = try device(camera: smallCamera(faults: [Fault(.controlStall, at: 0)]), clock: clock)
    let camera = try #require(device.camera)
    let session = try camera.open()
    _ = try session.next(timeout: .zero)
    session.close()
    // A thread of its own: two tests that block in tasks could take all there are.
    let result = Published<CaptureError?>(nil)
    let thread = Thread {
      let error = captureError { () throws(CaptureError) in try camera.open() }
      result.set(error)
    }
    thread.start()
    while clock.waiting == 0 { await Task.yield() }
    device.unplug()
    #expect(await result.wait { $0 != nil })
    #expect(result.value?.code == .gone)
  }

  @Test func aClockJumpMovesTimestampsAndNothingElse() throws {
    let start = clock.now()
    let jumps = [Fault(.clockJump, at: 3, count: 2, by: -350_000_000), Fault(.clockJump, at: 6, by: 50_000_000)]
    let session = try camera(jumps).open()
    let frames = try collect(session, 9)
    #expect(frames.map(\.sequence) == Array(0..<9))
    #expect(
      frames.map { Int64($0.timestamp) - Int64(start) }.map { $0 / 1_000_000 } == [
        0, 100, 200, -50, 50, 500, 650, 750, 850,
      ])
    #expect(clock.now() == start + 800_000_000)
  }

  @Test func timestampsNeverGoBackByMoreThanTenSeconds() throws {
    let far = Fault(.clockJump, at: 2, count: 2, by: .min)
    let session = try camera([far, far, Fault(.clockJump, at: 2, count: 2, by: -9_000_000_000)]).open()
    let times = try collect(session, 5).map { Int64($0.timestamp) }
    #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= -10_000_000_000 })
    #expect(times[2] - times[1] < -9_000_000_000)
  }

  @Test(arguments: [Fault.Kind.freeze, .unplug])
  func aStopCanComeAtATimeOrByChance(kind: Fault.Kind) throws {
    let code: CaptureError.Code = kind == .freeze ? .frozen : .gone
    let timed = try camera([Fault(kind, when: .time(350_000_000))]).open()
    #expect(try collect(timed, 4).count == 4)
    #expect(captureError { () throws(CaptureError) in try timed.next(timeout: .seconds(60)) }?.code == code)
    #expect(timed.close() == 4)
    func stop() throws -> UInt64 {
      let session = try camera([Fault(kind, when: .chance(0.05))]).open()
      var frames: UInt64 = 0
      var error: CaptureError?
      while error == nil, frames < 10_000 {
        error = captureError { () throws(CaptureError) in
          if try session.next(timeout: .seconds(9)) != nil { frames += 1 }
        }
      }
      #expect(error?.code == code)
      #expect(session.close() == frames)
      return frames
    }
    #expect(try stop() == stop())
  }

  @Test(arguments: [(Fault.Kind.xrun, CaptureLoss.overrun), (.suspend, .suspended), (.lose, .gap)])
  func aMicrophonesPositionJumpsAndTheReasonIsCounted(kind: Fault.Kind, reason: CaptureLoss) throws {
    let session = try microphone([Fault(kind, at: 2, count: 3), Fault(kind, at: 8)])
    let positions = try (0..<6).map { _ in try #require(try session.next(timeout: .seconds(1))).position / 960 }
    #expect(positions == [0, 1, 5, 6, 7, 9])
    #expect(session.counters.lost == [reason: 4 * 960])
    #expect(session.counters.delivered == 6 * 960)
    // A card that stood still was started again, once for each burst.
    #expect(session.counters.recoveries["recover"] ?? 0 == (kind == .lose ? 0 : 2))
  }

  @Test func aMicrophonesClockJumpsToo() throws {
    let start = clock.now()
    let session = try microphone([Fault(.clockJump, at: 1, count: 1, by: 7_000_000)])
    let times = try (0..<3).map { _ in try #require(try session.next(timeout: .seconds(1))).timestamp - start }
    #expect(times == [0, 27_000_000, 40_000_000])
  }
}
