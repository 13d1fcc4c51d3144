import Glibc
import PumpkiiALSA
import PumpkiiCapture
import Testing

/// The loop against a card that does what no test machine can be made to do.
@Suite struct EngineTests {
  @Test("checklist 50: capture under poll never starts by itself: it is started at the opening")
  func startsExplicitly() throws {
    let fake = try FakeMicrophone(FakePort([.sound]))
    #expect(fake.port.calls == ["start"])
    _ = try fake.next()
    #expect(fake.port.calls == ["start", "read"])
  }

  @Test("a period costs one wait and one read")
  func oneWaitOneRead() throws {
    let fake = try FakeMicrophone(FakePort([]))
    for _ in 0..<50 { #expect(try fake.next() != nil) }
    #expect(fake.port.waits == 50)
    #expect(fake.port.calls.filter { $0 == "read" }.count == 50)
  }

  @Test("checklist 52: EPIPE is prepared and started; the position jumps by the time that passed")
  func overrun() throws {
    let fake = try FakeMicrophone(FakePort([.sound, .fails(-EPIPE, .overrun), .nothing, .sound]))
    let first = try #require(try fake.next(.seconds(10)))
    let second = try #require(try fake.next(.seconds(1)) ?? fake.next(.seconds(1)))
    #expect(fake.port.calls == ["start", "read", "read", "prepare", "start", "read"])
    let gap = UInt64(Double(second.timestamp - first.timestamp) / 1e9 * 48_000) - 960
    #expect(second.position == 960 + gap && gap > 0 && second.followsLoss)
    #expect(fake.counters.value.lost == [.overrun: gap])
    #expect(fake.counters.value.delivered == 1920)
  }

  @Test("checklist 52: ESTRPIPE is resumed while EAGAIN, then prepared and started")
  func suspended() throws {
    let port = FakePort([.sound, .fails(-ESTRPIPE, .suspended), .sound])
    port.resumes = [-EAGAIN, -EAGAIN, 0]
    let fake = try FakeMicrophone(port)
    _ = try fake.next()
    #expect(try fake.next()?.followsLoss == true)
    #expect(port.calls == ["start", "read", "read", "resume", "resume", "resume", "read"])

    let stubborn = FakePort([.sound, .fails(-ESTRPIPE, .suspended), .sound])
    stubborn.resumes = [Int32](repeating: -EAGAIN, count: 1000)
    let other = try FakeMicrophone(stubborn)
    _ = try other.next()
    _ = try other.next(.seconds(10))
    #expect(stubborn.calls.filter { $0 == "resume" }.count == 100)
    #expect(stubborn.calls.suffix(3) == ["prepare", "start", "read"])
  }

  @Test("checklist 52: ENODEV in any call, or the state alone, is gone for good")
  func gone() throws {
    for step in [
      FakePort.Step.fails(-ENODEV, .disconnected), .fails(-EAGAIN, .disconnected), .waitFails(-ENODEV, .disconnected),
      .fails(-EPIPE, .disconnected),
    ] {
      let fake = try FakeMicrophone(FakePort([step]))
      #expect(throws: CaptureError(.gone, "", advice: "")) { try fake.next() }
      #expect(throws: CaptureError(.gone, "", advice: "")) { try fake.next() }
      #expect(fake.port.calls.filter { $0 == "prepare" }.isEmpty)
      #expect(fake.engine.close() == 0)
    }
  }

  @Test("checklist 52: EBADFD is prepared and started")
  func badState() throws {
    let fake = try FakeMicrophone(FakePort([.fails(-EBADFD, .setup), .sound]))
    #expect(try fake.next() != nil)
    #expect(fake.port.calls == ["start", "read", "prepare", "start", "read"])
  }

  @Test("checklist 52: EAGAIN is waited for again, with a pause, and mends nothing")
  func again() throws {
    let readiness = PCMReadiness(hasSound: true)
    let fake = try FakeMicrophone(FakePort([.fails(-EAGAIN, .running, readiness), .sound]))
    #expect(try fake.next() != nil)
    #expect(fake.port.calls == ["start", "read", "read"])
  }

  @Test("checklist 51: an error that poll tells for ever and nobody else knows of does not take the CPU")
  func neverSpins() throws {
    let port = FakePort([], then: .fails(-EAGAIN, .running, PCMReadiness(hasTrouble: true)))
    let fake = try FakeMicrophone(port)
    #expect(throws: CaptureError(.frozen, "", advice: "")) {
      for _ in 0..<1000 { _ = try fake.next(.seconds(1)) }
    }
    #expect(port.waits < 1000)
  }

  @Test("checklist 52: recoveries are bounded, whatever the errno", arguments: [EPIPE, ESTRPIPE, EBADFD, EIO])
  func bounded(number: Int32) throws {
    let state: PCMState = number == EPIPE ? .overrun : number == ESTRPIPE ? .suspended : .setup
    let fake = try FakeMicrophone(FakePort([], then: .fails(-number, state)))
    #expect(throws: CaptureError(.failed, "", advice: "")) { try fake.next(.seconds(1000)) }
    #expect(fake.port.calls.filter { $0 == "prepare" }.count == RecoveryBudget.most)
    #expect(fake.counters.value.recoveries == ["recover": UInt64(RecoveryBudget.most)])
  }

  @Test("checklist 52: recoveries with time between them are not held against the card")
  func spread() throws {
    var steps: [FakePort.Step] = []
    for _ in 0..<30 {
      steps.append(.fails(-EPIPE, .overrun))
      steps += [FakePort.Step](repeating: .sound, count: 60)
    }
    let fake = try FakeMicrophone(FakePort(steps))
    for _ in 0..<1800 { #expect(try fake.next() != nil) }
    #expect(fake.counters.value.recoveries == ["recover": 30])
  }

  @Test("a frozen card is started again twice, then said to be frozen")
  func frozen() throws {
    let fake = try FakeMicrophone(FakePort([.sound], then: .nothing))
    #expect(try fake.next() != nil)
    #expect(throws: CaptureError(.frozen, "", advice: "")) { try fake.next(.seconds(60)) }
    #expect(fake.port.calls.filter { $0 == "prepare" }.count == 2)
  }

  @Test("checklist 53: an overrun before the first sound is no hole, and time stamps never lie in the future")
  func firstOverrun() throws {
    let fake = try FakeMicrophone(FakePort([.fails(-EPIPE, .overrun), .sound]))
    let first = try #require(try fake.next())
    #expect(first.position == 0)
    #expect(first.timestamp <= fake.port.time)
    var clock = SampleClock(shape: fake.port.shape)
    let now: UInt64 = 5_000_000_000
    #expect(
      clock.time(of: PCMPosition(available: 960, stamp: now + 1_000_000_000), count: 960, now: now) == now - 20_000_000)
    #expect(clock.time(of: PCMPosition(available: Int(-EPIPE), stamp: nil), count: 480, now: now) == now - 10_000_000)
    clock.latency = 480
    #expect(clock.time(of: PCMPosition(available: 960, stamp: now), count: 960, now: now) == now - 30_000_000)
  }

  @Test("an interrupt ends the wait, and what was made is told at the end")
  func interruptsAndCloses() throws {
    let fake = try FakeMicrophone(FakePort([.sound, .woken]))
    #expect(try fake.next() != nil)
    #expect(try fake.next() == nil)
    // A period that waits unread was made too.
    #expect(fake.engine.close() == 960 + 960)
    #expect(fake.port.calls.last == "close")
  }

  @Test("checklist 53: the drift is told after ten seconds and then once a minute")
  func drift() throws {
    let port = FakePort([])
    port.step = 19_994_000
    let fake = try FakeMicrophone(port)
    func told() -> [Double] { fake.witness.events.compactMap { if case .drift(let ppm) = $0 { ppm } else { nil } } }
    for _ in 0..<450 { _ = try fake.next() }
    #expect(told().isEmpty)
    for _ in 0..<100 { _ = try fake.next() }
    #expect(told().count == 1)
    for _ in 0..<6500 { _ = try fake.next() }
    #expect(told().count == 3)
    #expect(told().allSatisfy { abs($0 - 300) < 1 }, "\(told())")
  }

  @Test("a card that does not start is an error at the opening")
  func startFails() {
    for (number, code) in [(ENODEV, CaptureError.Code.gone), (EIO, CaptureError.Code.failed)] {
      let port = FakePort([])
      port.startResult = -number
      #expect(throws: CaptureError(code, "", advice: "")) { _ = try FakeMicrophone(port) }
    }
  }
}
