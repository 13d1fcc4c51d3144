import PumpkiiCapture
import PumpkiiMedia
import PumpkiiSimulation
import Synchronization
import Testing

@Suite struct CameraTests {
  @Test func framesComeAtTheirPaceWithNumbersAndTimes() throws {
    let clock = ManualClock()
    let start = clock.now()
    let camera = try #require(try device(camera: smallCamera(fps: 25), clock: clock).camera)
    let session = try camera.open()
    let frames = try collect(session, 50)
    #expect(frames.map(\.sequence) == Array(0..<50))
    #expect(frames.map(\.timestamp) == (0..<50).map { start + $0 * 40_000_000 })
    #expect(clock.now() == start + 49 * 40_000_000)
    #expect(session.close() == 50)
  }

  @Test func driftIsTheDevicesOwn() throws {
    let clock = ManualClock()
    let start = clock.now()
    let fast = smallCamera(fps: 100, clock: ClockQuality(driftPPM: 500))
    let session = try #require(try device(camera: fast, clock: clock).camera).open()
    let last = try #require(try collect(session, 1001).last)
    let expected = 10e9 / (1 + 500e-6)
    #expect(abs(Double(last.timestamp - start) - expected) < 2)
  }

  @Test func jitterComesFromTheSeedAndKeepsOrder() throws {
    func trace(_ seed: UInt64) throws -> [CapturedFrame] {
      let camera = smallCamera(clock: ClockQuality(driftPPM: 20, jitter: 25_000_000))
      return try collect(try #require(try device(camera: camera, seed: seed, clock: ManualClock()).camera).open(), 60)
    }
    let (one, again, other) = (try trace(5), try trace(5), try trace(6))
    #expect(one.map(\.timestamp) == again.map(\.timestamp))
    #expect(one.map(\.bytes) == again.map(\.bytes))
    #expect(one.map(\.timestamp) != other.map(\.timestamp))
    #expect(zip(one, one.dropFirst()).allSatisfy { $0.timestamp < $1.timestamp })
    let steps = Set(zip(one, one.dropFirst()).map { ($1.timestamp - $0.timestamp) / 1_000_000 })
    #expect(steps.count > 10)
  }

  @Test func theRingOverwritesTheOldestWhenNobodyCollects() throws {
    let clock = ManualClock()
    let session = try #require(try device(camera: smallCamera(fps: 50, buffers: 3), clock: clock).camera).open()
    #expect(try collect(session, 2).map(\.sequence) == [0, 1])
    clock.advance(by: .milliseconds(200))
    #expect(try collect(session, 4).map(\.sequence) == [9, 10, 11, 12])
    clock.advance(by: .milliseconds(105))
    #expect(session.close() == 18)
    #expect(session.close() == 18)
  }

  @Test func aTimeOutGivesNothingAndLosesNothing() throws {
    let clock = ManualClock()
    let session = try #require(try device(camera: smallCamera(fps: 10), clock: clock).camera).open()
    #expect(try session.next(timeout: .zero)?.sequence == 0)
    #expect(try session.next(timeout: .milliseconds(40)) == nil)
    #expect(try session.next(timeout: .milliseconds(40)) == nil)
    #expect(try session.next(timeout: .milliseconds(40))?.sequence == 1)
  }

  @Test func interruptingEndsAWaitThatIsUnderWay() async throws {
    let clock = ManualClock(jumps: false)
    let session = try #require(try device(camera: smallCamera(fps: 1), clock: clock).camera).open()
    #expect(try session.next(timeout: .zero)?.sequence == 0)
    async let waited = Self.wait(session)
    while clock.waiting == 0 { await Task.yield() }
    session.interrupt()
    #expect(try await waited == nil)
    async let second = Self.wait(session)
    while clock.waiting == 0 { await Task.yield() }
    clock.advance(by: .seconds(1))
    #expect(try await second?.sequence == 1)
  }

  private static func wait(_ session: any CameraSession) async throws -> CapturedFrame? {
    try session.next(timeout: .seconds(3600))
  }

  @Test func interruptingBeforeTheWaitCountsToo() throws {
    let session = try #require(try device(camera: smallCamera(fps: 1), clock: RealClock()).camera).open()
    _ = try session.next(timeout: .seconds(5))
    session.interrupt()
    #expect(try session.next(timeout: .seconds(3600)) == nil)
  }

  @Test func openingTwiceIsBusyAndTheLogKnows() throws {
    let device = try device(camera: smallCamera(), clock: ManualClock())
    let camera = try #require(device.camera)
    let session = try camera.open()
    #expect(captureError { () throws(CaptureError) in try camera.open() }?.code == .busy)
    #expect(device.log.isOpen(.camera))
    session.close()
    #expect(!device.log.isOpen(.camera))
    try camera.open().close()
    #expect(device.log.events.map(\.action) == [.opened, .refused, .closed, .opened, .closed])
    #expect(device.log.openings(of: .camera) == 2)
    #expect(device.log.openings(of: .microphone) == 0)
    #expect(captureError { () throws(CaptureError) in try session.next(timeout: .zero) }?.code == .gone)
  }

  @Test func unpluggingTakesBothSensorsAndOpeningFailsUntilItIsBack() throws {
    let clock = ManualClock()
    let device = try device(camera: smallCamera(), microphone: MicrophoneProfile(), clock: clock)
    let (camera, microphone) = (try #require(device.camera), try #require(device.microphone))
    let (pictures, sound) = (try camera.open(), try microphone.open())
    _ = try collect(pictures, 3)
    device.unplug()
    #expect(captureError { () throws(CaptureError) in try pictures.next(timeout: .seconds(1)) }?.code == .gone)
    #expect(captureError { () throws(CaptureError) in try sound.next(timeout: .seconds(1)) }?.code == .gone)
    clock.advance(by: .seconds(2))
    #expect(pictures.close() == 3)
    sound.close()
    #expect(captureError { () throws(CaptureError) in try camera.open() }?.code == .gone)
    device.plugIn()
    #expect(try camera.open().next(timeout: .seconds(1))?.sequence == 0)
  }

  @Test func faultsHappenOnSchedule() throws {
    let clock = ManualClock()
    let faults = [
      Fault(.truncate, at: 1), Fault(.empty, at: 2), Fault(.junk, at: 3), Fault(.noHuffman, at: 4),
      Fault(.lose, at: 5, count: 2),
    ]
    let session = try #require(
      try device(camera: smallCamera(format: .mjpeg, faults: faults), clock: clock).camera
    ).open()
    let frames = try collect(session, 7)
    #expect(frames.map(\.sequence) == [0, 1, 2, 3, 4, 7, 8])
    #expect(throws: MediaError.self) { try JPEGCheck(frames[1].bytes) }
    #expect(frames[2].bytes.isEmpty)
    #expect(throws: MediaError.self) { try JPEGCheck(frames[3].bytes) }
    #expect(try JPEGCheck(frames[4].bytes).mendedTables)
    #expect(try !JPEGCheck(frames[5].bytes).mendedTables)
    let mended = try JPEGDecoder().decode(try JPEGCheck(frames[4].bytes).bytes)
    #expect(PatternReader(width: 320, height: 240).read(mended.luma)?.number == 4)
  }

  @Test func aFreezeIsSeenAsSuchAndEndsWithTheOpening() throws {
    let clock = ManualClock()
    let camera = try #require(
      try device(camera: smallCamera(fps: 10, faults: [Fault(.freeze, at: 2)]), clock: clock).camera)
    let session = try camera.open()
    #expect(try collect(session, 2).count == 2)
    #expect(try session.next(timeout: .milliseconds(500)) == nil)
    #expect(captureError { () throws(CaptureError) in try session.next(timeout: .seconds(60)) }?.code == .frozen)
    #expect(session.close() == 2)
    #expect(try collect(try camera.open(), 5).count == 5)
  }

  @Test func aScriptedUnplugComesBackByItself() throws {
    let clock = ManualClock()
    let fault = Fault(.unplug, at: 3, backAfter: 500_000_000)
    let camera = try #require(try device(camera: smallCamera(fps: 10, faults: [fault]), clock: clock).camera)
    let session = try camera.open()
    _ = try collect(session, 3)
    #expect(captureError { () throws(CaptureError) in try session.next(timeout: .seconds(60)) }?.code == .gone)
    #expect(session.close() == 3)
    #expect(captureError { () throws(CaptureError) in try camera.open() }?.code == .gone)
    clock.advance(by: .milliseconds(500))
    #expect(try collect(try camera.open(), 5).count == 5)
  }

  @Test func realTimeIsKept() throws {
    let begin = RealClock().now()
    let session = try #require(try device(camera: smallCamera(fps: 100), clock: RealClock()).camera).open()
    let frames = try collect(session, 11)
    #expect(RealClock().now() - begin >= 100_000_000)
    #expect(frames.allSatisfy { $0.timestamp <= RealClock().now() })
    session.close()
  }

  @Test func theLogWakesWhoWaitsForAClose() async throws {
    let device = try device(camera: smallCamera(), clock: ManualClock())
    let session = try #require(device.camera).open()
    async let closed = device.log.wait { $0.last?.action == .closed }
    session.close()
    #expect(await closed)
  }
}
