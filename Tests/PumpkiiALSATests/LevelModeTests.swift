import PumpkiiALSA
import PumpkiiCapture
import Testing

/// `detect.sound`: how loud it is, and nothing else.
@Suite struct LevelModeTests {
  @Test(
    "levels come each 100 ms, and no sample is left behind after any of them or at the end",
    arguments: SampleFormat.allCases)
  func wiped(format: SampleFormat) throws {
    let loud = (0..<24_000).map { Int16($0 % 48 < 24 ? 16_384 : -16_384) }
    let session = try #require(try SoundLab.shared().microphone(file: loud, format: format).openLevels { _ in })
    defer { session.close() }
    let levels = try #require(session as? ALSALevelSession)
    var times: [UInt64] = []
    for _ in 0..<4 {
      let level = try #require(try session.next(timeout: .seconds(20)))
      #expect(abs(level.rms + 6.02) < 0.05 && abs(level.peak + 6.02) < 0.05)
      #expect(level.duration == 100_000_000)
      times.append(level.timestamp)
      #expect(levels.isWiped)
    }
    #expect(abs(middleStep(times) - 100e6) < 20e6)
    #expect(session.counters.delivered >= 19_200)
    let made = session.close()
    #expect(made >= 19_200 && levels.isWiped)
  }

  @Test("a level never spans a hole, and losses are counted as with sound")
  func holes() throws {
    let session = try #require(try SoundLab.shared().microphone(["xrun_at": 14_400]).openLevels { _ in })
    defer { session.close() }
    for _ in 0..<4 { #expect(try session.next(timeout: .seconds(20)) != nil) }
    #expect(session.counters.recoveries == ["recover": 1])
  }

  @Test("an interrupt ends a wait for a level")
  func interrupts() throws {
    let session = try #require(try SoundLab.shared().microphone(["delay_ms": 500]).openLevels { _ in })
    defer { session.close() }
    session.interrupt()
    #expect(try session.next(timeout: .seconds(20)) == nil)
  }

  @Test("two hundred openings leave no descriptor behind, refused and unplugged ones included")
  func descriptors() async throws {
    let lab = try SoundLab.shared()
    let before = SoundLab.descriptors()
    for round in 0..<200 {
      let microphone = try lab.microphone(round % 5 == 0 ? ["open_error": 16] : ["gone_at": 10])
      if round % 2 == 0 {
        guard let session = try? microphone.open() else { continue }
        _ = try? session.next(timeout: .milliseconds(5))
        session.close()
      } else {
        // Forgotten, not closed.
        _ = try? microphone.openLevels { _ in }
      }
    }
    // Tests that run beside this one have some open for a while; what was left behind stays.
    for _ in 0..<300 where SoundLab.descriptors() - before >= 80 { try await Task.sleep(for: .milliseconds(100)) }
    #expect(SoundLab.descriptors() - before < 80)
  }
}
