import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct AccountingTests {
  /// A small generator, so that a failure can be repeated by its seed.
  private struct Dice {
    var state: UInt64
    mutating func roll(_ sides: UInt64) -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (state >> 33) % sides
    }
  }

  private func script(_ dice: inout Dice) -> [UInt64: [ScriptedFault]] {
    var faults: [UInt64: [ScriptedFault]] = [:]
    for frame in 0..<UInt64(300) where dice.roll(12) == 0 {
      faults[frame] =
        switch dice.roll(13) {
        case 0: [.lose]
        case 1: [.errorFlag]
        case 2: [.stall]
        case 3: [.empty]
        case 4: [.short(5)]
        case 5: [.badIndex]
        case 6: [.fatal]
        case 7: [.freeze(until: .restart)]
        case 8: [.future(dice.roll(3_000_000_000))]
        case 9: [.refuseBuffers(Int(dice.roll(5)))]
        case 10: [.sequence(UInt32(truncatingIfNeeded: dice.roll(1 << 32)))]
        case 11: [.time(seconds: Int(dice.roll(1 << 40)), microseconds: 3)]
        default: [.oversized]
        }
    }
    if dice.roll(3) == 0 { faults[dice.roll(300)] = [.unplug] }
    return faults
  }

  @Test("delivered and lost are what was made, exactly, whatever happens", arguments: 0..<80)
  func books(seed: Int) throws {
    var dice = Dice(state: UInt64(seed))
    let raw = dice.roll(2) == 0
    let bench = ScriptedBench(
      ScriptedNode(raw ? [.yuyv([.init(320, 180)])] : [.mjpeg([.init(1280, 720), .init(1920, 1080)])]))
    bench.node.exports = true
    bench.node.firstSequence = UInt32(truncatingIfNeeded: dice.roll(1 << 32))
    bench.node.faults = script(&dice)
    let session = try bench.open(CameraWish(lendsBuffers: dice.roll(2) == 0))
    do {
      try drive(session, bench, &dice)
    } catch {
      let code = (error as? CaptureError)?.code
      #expect(code == .gone || code == .frozen, "\(error)")
    }
    bench.finish(session)
  }

  private func drive(_ session: any CameraSession, _ bench: ScriptedBench, _ dice: inout Dice) throws {
    var last: UInt32?
    var skipped: UInt64 = 0
    var delivered: UInt64 = 0
    var time: UInt64 = 0
    for _ in 0..<200 {
      if dice.roll(20) == 0 { bench.kernel.advance(milliseconds: dice.roll(900)) }
      if dice.roll(60) == 0 { session.interrupt() }
      if dice.roll(80) == 0 { _ = try session.takeStill() }
      guard let frame = try session.next(timeout: .milliseconds(Int64(dice.roll(2000)))) else { continue }
      delivered += 1
      skipped += UInt64(frame.sequence) - (last.map { UInt64($0) + 1 } ?? 0)
      last = frame.sequence
      #expect(frame.timestamp >= time)
      #expect(frame.timestamp <= bench.kernel.time)
      time = frame.timestamp
      let counters = session.counters
      #expect(counters.delivered == delivered)
      // What is missing in the numbers is what was counted; damaged buffers behind the newest frame may be counted already.
      #expect(counters.totalLost >= skipped)
      #expect(counters.totalLost - min(skipped, counters.totalLost) <= 3)
    }
  }

  @Test("without a restart every frame the driver made is in the books, those never collected included")
  func complete() throws {
    let bench = ScriptedBench()
    bench.node.faults = [3: [.lose], 9: [.errorFlag], 12: [.empty], 20: [.lose], 21: [.lose]]
    let session = try bench.open()
    _ = try bench.frames(session, 30)
    bench.kernel.advance(milliseconds: 100)
    #expect(session.close() == bench.node.made)
    #expect(session.counters.lost == [.gap: 3, .damaged: 1, .short: 1, .stale: 3])
    bench.finish(session)
  }
}
