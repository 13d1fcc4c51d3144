import PumpkiiCapture
import PumpkiiSimulation
import Testing

/// Every unit that a device made is in exactly one number.
@Suite struct CountersTests {
  private static let cameraFaults = [
    Fault(.lose, when: .chance(0.1), count: 2), Fault(.stall, at: 7, count: 3), Fault(.errorBit, when: .chance(0.05)),
    Fault(.rateDrop, at: 10, count: 5), Fault(.truncate, at: 3), Fault(.empty, at: 4), Fault(.shutter, at: 5, count: 5),
    Fault(.clockJump, at: 9, by: -40_000_000),
  ]
  private static let microphoneFaults = [
    Fault(.lose, when: .chance(0.1)), Fault(.xrun, at: 7, count: 3), Fault(.suspend, when: .time(500_000_000)),
  ]

  /// Takes units, falls behind now and then, and closes.
  private func run(_ session: any SensorSession, clock: ManualClock, _ next: () throws -> Bool) throws -> UInt64 {
    var delivered: UInt64 = 0
    for step in 0..<200 {
      if try next() { delivered += 1 }
      if step % 23 == 0 { clock.advance(by: .milliseconds(step * 3)) }
    }
    return delivered
  }

  @Test(arguments: [1, 2, 3, 4, 5] as [UInt64])
  func deliveredAndLostAreWhatACameraMade(seed: UInt64) throws {
    let clock = ManualClock()
    let profile = smallCamera(clock: ClockQuality(driftPPM: 100, jitter: 9_000_000), faults: Self.cameraFaults)
    let session = try #require(try device(camera: profile, seed: seed, clock: clock).camera).open()
    let delivered = try run(session, clock: clock) { try session.next(timeout: .milliseconds(50)) != nil }
    clock.advance(by: .milliseconds(500))
    let made = session.close()
    let counters = session.counters
    #expect(counters.delivered == delivered)
    #expect(counters.delivered + counters.totalLost == made)
    #expect(counters.lost[.gap] ?? 0 > 0 && counters.lost[.damaged] ?? 0 > 2 && counters.lost[.stale] == 4)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func deliveredAndLostAreWhatAMicrophoneMade(seed: UInt64) throws {
    let clock = ManualClock()
    let profile = MicrophoneProfile(faults: Self.microphoneFaults)
    let session = try #require(try device(microphone: profile, seed: seed, clock: clock).microphone).open()
    let delivered = try run(session, clock: clock) { try session.next(timeout: .milliseconds(50)) != nil }
    let made = session.close()
    #expect(session.counters.delivered == delivered * 960)
    #expect(session.counters.delivered + session.counters.totalLost == made)
    #expect(session.counters.lost[.suspended] ?? 0 > 0 && session.counters.lost[.overrun] ?? 0 > 0)
  }

  @Test func anOverrunRingIsALossOfItsOwn() throws {
    let clock = ManualClock()
    let session = try #require(try device(camera: smallCamera(fps: 50, buffers: 3), clock: clock).camera).open()
    _ = try collect(session, 2)
    clock.advance(by: .milliseconds(200))
    _ = try collect(session, 1)
    #expect(session.counters.lost == [.gap: 7])
    #expect(session.counters.delivered == 3)
  }

  @Test func aFrozenOrUnpluggedCameraCountsAsFarAsItCame() throws {
    for kind in [Fault.Kind.freeze, .unplug] {
      let clock = ManualClock()
      let camera = try #require(try device(camera: smallCamera(faults: [Fault(kind, at: 5)]), clock: clock).camera)
      let session = try camera.open()
      _ = try collect(session, 3)
      clock.advance(by: .seconds(9))
      let made = session.close()
      #expect(made == 5)
      #expect(session.counters.delivered + session.counters.totalLost == made)
    }
  }
}
