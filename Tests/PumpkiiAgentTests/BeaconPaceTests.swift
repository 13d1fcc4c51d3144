import PumpkiiAgent
import PumpkiiWire
import Testing

@Suite struct BeaconPaceTests {
  private static let second: UInt64 = 1_000_000_000
  private var pace = BeaconPace()
  private var inputs = BeaconPace.Inputs(
    signals: Outbox.Signals(), states: BeaconState.Pair(camera: .idle, microphone: .idle), isPaired: true)

  private mutating func open() {
    inputs.signals.connection += 1
    inputs.signals.isOpen = true
  }

  private mutating func challenge() {
    inputs.signals.challenges += 1
    inputs.signals.challenge = .zero
  }

  @Test mutating func aNewLineIsSpokenToAtOnceAndThenEveryThreeSecondsThoughNobodyAsks() {
    open()
    #expect(pace.decide(inputs, now: 10).way == .line)
    let (way, again) = pace.decide(inputs, now: Self.second)
    #expect(way == nil)
    #expect(again == 10 + BeaconPace.silence)
    #expect(pace.decide(inputs, now: 10 + BeaconPace.silence).way == .line)
  }

  @Test mutating func aChallengeAndAChangedStateAreAnsweredAtOnce() {
    open()
    _ = pace.decide(inputs, now: 0)
    challenge()
    #expect(pace.decide(inputs, now: Self.second).way == .line)
    #expect(pace.decide(inputs, now: Self.second).way == nil)
    inputs.states.camera = .offByPolicy
    #expect(pace.decide(inputs, now: 2 * Self.second).way == .line)
  }

  @Test mutating func aFloodOfChallengesIsAnsweredAFewTimesASecondTheNewestLast() {
    open()
    var count = 0
    for step in 0..<1000 as Range<UInt64> {
      challenge()
      if pace.decide(inputs, now: step * Self.second / 1000).way != nil { count += 1 }
    }
    #expect(count == 5)
    let due = pace.decide(inputs, now: Self.second - 1).again
    #expect(due == Self.second)
    #expect(pace.decide(inputs, now: Self.second).way == .line)
  }

  @Test mutating func withoutALineAChangedStateGoesByRequestOnce() {
    #expect(pace.decide(inputs, now: 0).way == .request)
    let (way, again) = pace.decide(inputs, now: 60 * Self.second)
    #expect(way == nil)
    #expect(again == nil)
    inputs.states.camera = .offByPolicy
    #expect(pace.decide(inputs, now: 61 * Self.second).way == .request)
    open()
    #expect(pace.decide(inputs, now: 62 * Self.second).way == .line)
    inputs.signals.isOpen = false
    #expect(pace.decide(inputs, now: 63 * Self.second).way == nil, "the line has said it")
  }

  @Test mutating func aRequestThatFailedIsMadeAgainWithGrowingPauses() {
    var now: UInt64 = 0
    var pauses: [UInt64] = []
    for _ in 0..<6 {
      #expect(pace.decide(inputs, now: now).way == .request)
      pace.requestFailed(now: now)
      let again = pace.decide(inputs, now: now).again ?? 0
      pauses.append((again - now) / Self.second)
      now = again
    }
    #expect(pauses == [4, 8, 16, 32, 32, 32])
  }

  @Test mutating func whoHasNoOwnerTellsNobody() {
    inputs.isPaired = false
    #expect(pace.decide(inputs, now: 0).way == nil)
  }
}
