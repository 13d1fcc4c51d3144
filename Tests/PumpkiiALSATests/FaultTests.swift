import PumpkiiALSA
import PumpkiiCapture
import PumpkiiSystem
import Testing

/// What real microphones do, done by the test plugin through alsa-lib itself.
@Suite struct FaultTests {
  @Test("checklist 50: periods of 10 to 20 ms, a buffer of 200 ms and more, and an explicit start")
  func paced() throws {
    let microphone = try SoundLab.shared().microphone()
    let begin = Clocks.monotonic()
    let session = try microphone.open()
    defer { session.close() }
    #expect(session.format == AudioFormat(sampleRate: 48_000, channels: 1))
    let shape = try #require(session as? ALSASession).shape
    #expect((480...960).contains(shape.period) && shape.buffer >= 9600, "\(shape)")
    let periods = try collect(session, frames: 24_000)
    let seconds = Double(Clocks.monotonic() - begin) / 1e9
    #expect(periods.allSatisfy { (480...960).contains($0.samples.count) })
    #expect(seconds > 0.45, "half a second came in \(seconds) s")
    #expect(periods.map(\.position) == periods.indices.map { UInt64($0 * periods[0].samples.count) })
    // The sound itself: a ramp that says where it stands.
    #expect(periods.flatMap(\.samples).prefix(20_000).enumerated().allSatisfy { Int($1) == $0 + 1 })
    // The middle one: a thread that is held between two looks at the clock tells a wrong time, of one period.
    #expect(abs(middleStep(periods.map(\.timestamp)) - 20e6) < 15e6)
    #expect(session.counters.delivered == UInt64(periods.map(\.samples.count).reduce(0, +)))
  }

  @Test("checklist 50: a buffer of less than 200 ms is taken, and told of")
  func smallBuffer() throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(["buffer_bytes": 9600]).open(observer: witness.observer)
    defer { session.close() }
    #expect(witness.notes == ["the microphone's buffer holds 100 ms only: a busy machine may lose sound"])
  }

  @Test("checklist 51: what a descriptor says means nothing: a timer that fires early brings no half period")
  func earlyTimer() throws {
    let session = try SoundLab.shared().microphone(["ppm": -100_000]).open()
    defer { session.close() }
    let periods = try collect(session, frames: 19_200)
    #expect(periods.map(\.samples.count) == [Int](repeating: 960, count: 20))
  }

  @Test("checklist 52: an overrun is prepared and started again; checklist 53: its hole has the length of the time")
  func overrun() throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(["xrun_at": 9600]).open(observer: witness.observer)
    defer { session.close() }
    let periods = try collect(session, frames: 28_800)
    #expect(witness.recoveries.count == 1)
    #expect(witness.events.contains(.recovered))
    let jumps = zip(periods, periods.dropFirst()).filter { $1.position != $0.position + UInt64($0.samples.count) }
    #expect(jumps.count == 1)
    let lost = try #require(session.counters.lost[.overrun])
    let jump = try #require(jumps.first)
    #expect(jump.1.position - jump.0.position - UInt64(jump.0.samples.count) == lost)
    let missing = Double(jump.1.timestamp - jump.0.timestamp) / 1e9 * 48_000 - Double(jump.0.samples.count)
    #expect(abs(Double(lost) - missing) < 2, "\(lost) frames stand for \(missing)")
    #expect(session.counters.recoveries == ["recover": 1])
    #expect(session.counters.delivered + session.counters.totalLost <= session.close())
  }

  @Test("checklist 52: a suspended card is resumed while it says EAGAIN, and goes on", arguments: [0, 3])
  func suspendResumes(agains: Int) throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(["suspend_at": 9600, "resumes": agains])
      .open(observer: witness.observer)
    defer { session.close() }
    _ = try collect(session, frames: 28_800)
    #expect(witness.recoveries.count == 1 && witness.events.contains(.recovered))
    #expect(session.counters.lost.keys.allSatisfy { $0 == .suspended })
  }

  @Test("checklist 52: a card that knows no resume is prepared and started, and the hole is counted as its sleep")
  func suspendRestarts() throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(["suspend_at": 9600, "delay_ms": 50])
      .open(observer: witness.observer)
    defer { session.close() }
    let periods = try collect(session, frames: 28_800)
    #expect(witness.recoveries == ["the machine or the sound card slept"])
    #expect(try #require(session.counters.lost[.suspended]) >= 2000)
    let last = try #require(periods.last)
    #expect(last.position + UInt64(last.samples.count) == session.counters.delivered + session.counters.totalLost)
  }

  @Test("checklist 52: a card that resumes never is started anew after a bounded time")
  func suspendForLong() throws {
    let session = try SoundLab.shared().microphone(["suspend_at": 4800, "resumes": 100_000]).open()
    defer { session.close() }
    let periods = try collect(session, frames: 9600)
    #expect(periods.isEmpty == false)
    #expect(session.counters.recoveries["recover"].map { $0 >= 1 } == true)
  }

  @Test("checklist 52: unplugged is gone, and stays so; checklist 54: closing then is fast")
  func unplugged() throws {
    // What closing costs it costs each time; a machine that is busy is not so each time.
    let times = try (0..<5).map { _ in
      let session = try SoundLab.shared().microphone(["gone_at": 4800]).open()
      #expect(throws: CaptureError(.gone, "", advice: "")) { _ = try collect(session, frames: 480_000) }
      #expect(throws: CaptureError(.gone, "", advice: "")) { _ = try session.next(timeout: .seconds(1)) }
      let begin = Clocks.monotonic()
      let made = session.close()
      let time = Clocks.monotonic() - begin
      #expect(made == session.close())
      #expect(made >= session.counters.delivered)
      return time
    }
    #expect(times.contains { $0 < 500_000_000 }, "\(times)")
  }

  @Test("checklist 52: a source that overruns at once again and again ends in an error, not in a loop")
  func bounded() throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(["xrun_every": 960]).open(observer: witness.observer)
    defer { session.close() }
    #expect(throws: CaptureError(.failed, "", advice: "")) { _ = try collect(session, frames: 4_800_000) }
    // A machine that stands still for a while gives it some more.
    #expect((RecoveryBudget.most...2 * RecoveryBudget.most).contains(witness.recoveries.count))
  }

  @Test("checklist 53: time stamps are those of the sound, a start that takes long included")
  func lateStart() throws {
    let microphone = try SoundLab.shared().microphone(["delay_ms": 300])
    let begin = Clocks.monotonic()
    let session = try microphone.open()
    defer { session.close() }
    let first = try #require(try session.next(timeout: .seconds(20)))
    #expect(Double(first.timestamp) - Double(begin) > 290e6)
    #expect(first.position == 0)
    #expect(session.counters.totalLost == 0)
  }

  @Test("a card that runs and gives nothing is started again, the hole counted")
  func stall() throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(["stall_at": 9600]).open(observer: witness.observer)
    defer { session.close() }
    let periods = try collect(session, frames: 19_200)
    #expect(witness.recoveries == ["the microphone gave no sound for 2 s"])
    #expect(try #require(session.counters.lost[.recovery]) > 90_000)
    #expect(periods.map { $0.samples.count }.reduce(0, +) >= 19_200)
  }

  @Test("an interrupt ends a wait at once, and the next wait goes on")
  func interrupts() throws {
    let session = try SoundLab.shared().microphone(["delay_ms": 400]).open()
    defer { session.close() }
    session.interrupt()
    let begin = Clocks.monotonic()
    #expect(try session.next(timeout: .seconds(60)) == nil)
    #expect(Clocks.monotonic() - begin < 30_000_000_000)
    #expect(try session.next(timeout: .seconds(60)) != nil)
  }

  @Test("a wait ends at its time-out")
  func timesOut() throws {
    let session = try SoundLab.shared().microphone(["delay_ms": 60_000]).open()
    defer { session.close() }
    #expect(try session.next(timeout: .milliseconds(30)) == nil)
    #expect(try session.next(timeout: .zero) == nil)
  }

  @Test("checklist 55: zeros are told of once, and so is the sound that comes back; neither is an error")
  func silent() throws {
    let witness = Witness()
    let session = try SoundLab.shared().microphone(
      ["mute_at": 9600, "mute_until": 33_600], silence: SilenceWatch(patience: 200_000_000)
    ).open(observer: witness.observer)
    defer { session.close() }
    let periods = try collect(session, frames: 43_200)
    #expect(witness.silences == [true, false])
    #expect(periods.contains { $0.samples.allSatisfy { $0 == 0 } })
  }
}
