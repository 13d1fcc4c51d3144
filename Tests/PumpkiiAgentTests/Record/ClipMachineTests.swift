import PumpkiiAgent
import Testing

@Suite struct ClipMachineTests {
  private static let second: UInt64 = 1_000_000_000

  private func machine(_ mode: RecordSettings.Mode) -> ClipMachine {
    ClipMachine(mode: mode, limits: ClipMachine.Limits(postRoll: 10 * Self.second, length: 60 * Self.second))
  }

  private func object(
    _ machine: inout ClipMachine, at seconds: UInt64, boundary: Bool = true, canBegin: Bool = true, full: Bool = false
  ) -> ClipMachine.Step {
    machine.object(isBoundary: boundary, canBegin: canBegin, isFull: full, now: seconds * Self.second)
  }

  @Test func withoutATriggerEverythingIsPreRoll() {
    var machine = machine(.motion)
    for second in 0..<100 as Range<UInt64> { #expect(object(&machine, at: second) == .ring) }
    #expect(!machine.isRecording)
  }

  @Test func aTriggerBeginsAClipWithTheNextObject() {
    var machine = machine(.motion)
    #expect(machine.trigger(.motion, now: 0) == true)
    #expect(object(&machine, at: 1, boundary: false) == .begin(.motion))
    #expect(object(&machine, at: 2, boundary: false) == .write)
    #expect(machine.isRecording)
  }

  @Test func aClipWaitsForSomethingToBeginWith() {
    var machine = machine(.motion)
    machine.trigger(.motion, now: 0)
    #expect(object(&machine, at: 1, boundary: false, canBegin: false) == .ring)
    #expect(object(&machine, at: 2) == .begin(.motion))
  }

  @Test func aTriggerThatNothingFollowsIsOver() {
    var machine = machine(.motion)
    machine.trigger(.motion, now: 0)
    #expect(object(&machine, at: 11) == .ring)
    #expect(object(&machine, at: 12) == .ring)
  }

  @Test func aClipEndsAtTheFirstBoundaryAfterItsPostRoll() {
    var machine = machine(.motion)
    machine.trigger(.motion, now: 0)
    _ = object(&machine, at: 0)
    #expect(object(&machine, at: 10) == .write)
    #expect(object(&machine, at: 11, boundary: false) == .write)
    #expect(object(&machine, at: 12) == .end)
    #expect(object(&machine, at: 13) == .ring)
  }

  @Test func motionThatGoesOnExtendsTheClip() {
    var machine = machine(.motion)
    machine.trigger(.motion, now: 0)
    _ = object(&machine, at: 0)
    for second in 1...40 as ClosedRange<UInt64> {
      machine.trigger(.motion, now: second * Self.second)
      #expect(object(&machine, at: second) == .write)
    }
    #expect(object(&machine, at: 50) == .write)
    #expect(object(&machine, at: 51) == .end)
  }

  @Test func aLongClipGoesOnInTheNextOne() {
    var machine = machine(.manual)
    machine.trigger(.manual, for: 200 * Self.second, now: 0)
    _ = object(&machine, at: 0)
    #expect(object(&machine, at: 60, boundary: false) == .write)
    #expect(object(&machine, at: 61) == .split(.manual))
    #expect(object(&machine, at: 62) == .write)
    #expect(object(&machine, at: 120) == .write)
    #expect(object(&machine, at: 121) == .split(.manual))
  }

  @Test func aFullClipGoesOnInTheNextOne() {
    var machine = machine(.manual)
    machine.trigger(.manual, now: 0)
    _ = object(&machine, at: 0)
    #expect(object(&machine, at: 1, boundary: false, full: true) == .write)
    #expect(object(&machine, at: 2, full: true) == .split(.manual))
  }

  @Test(arguments: [RecordSettings.Mode.motion, .manual]) func aWishEndsWithThePostRoll(mode: RecordSettings.Mode) {
    var machine = machine(mode)
    machine.trigger(.manual, now: 0)
    #expect(object(&machine, at: 0) == .begin(.manual))
    #expect(object(&machine, at: 10) == .write)
    #expect(object(&machine, at: 11) == .end)
    #expect(object(&machine, at: 12) == .ring)
  }

  @Test func aWishLastsAsLongAsItSays() {
    var machine = machine(.manual)
    machine.trigger(.manual, for: 30 * Self.second, now: 0)
    _ = object(&machine, at: 0)
    // A shorter one beside it takes nothing away.
    machine.trigger(.manual, for: Self.second, now: Self.second)
    #expect(object(&machine, at: 30) == .write)
    #expect(object(&machine, at: 31) == .end)
  }

  @Test func theEndOfMotionDoesNotEndAWishNorAWishMotion() {
    var wish = machine(.motion)
    wish.trigger(.motion, now: 0)
    wish.trigger(.manual, for: 40 * Self.second, now: 0)
    _ = object(&wish, at: 0)
    #expect(object(&wish, at: 40) == .write)
    #expect(object(&wish, at: 41) == .end)
    var motion = machine(.motion)
    motion.trigger(.manual, for: Self.second, now: 0)
    _ = object(&motion, at: 0)
    for second in 1...30 as ClosedRange<UInt64> {
      motion.trigger(.motion, now: second * Self.second)
      #expect(object(&motion, at: second) == .write)
    }
    #expect(object(&motion, at: 40) == .write)
    #expect(object(&motion, at: 41) == .end)
  }

  @Test func eachModeTakesItsOwnTriggers() {
    let accepted: [RecordSettings.Mode: Set<ClipMachine.Reason>] = [
      .motion: [.motion, .sound, .manual], .manual: [.manual], .continuous: [],
    ]
    for mode in RecordSettings.Mode.allCases {
      for reason in ClipMachine.Reason.allCases {
        var machine = machine(mode)
        #expect(machine.trigger(reason, now: 0) == accepted[mode]?.contains(reason), "\(mode) \(reason)")
      }
    }
  }

  @Test func continuousRecordingNeedsNoTrigger() {
    var machine = machine(.continuous)
    #expect(object(&machine, at: 0, boundary: false, canBegin: false) == .ring)
    #expect(object(&machine, at: 1) == .begin(.continuous))
    #expect(object(&machine, at: 50) == .write)
    #expect(object(&machine, at: 61) == .split(.continuous))
  }

  @Test func silenceEndsAClipAndAReasonThatHoldsBeginsTheNext() {
    var machine = machine(.continuous)
    _ = object(&machine, at: 0)
    #expect(machine.tick(now: 9 * Self.second) == false)
    #expect(machine.tick(now: 10 * Self.second) == true)
    #expect(!machine.isRecording)
    #expect(machine.tick(now: 30 * Self.second) == false)
    #expect(object(&machine, at: 31) == .begin(.continuous))
  }

  @Test func silenceAfterThePostRollEndsForGood() {
    var machine = machine(.motion)
    machine.trigger(.motion, now: 0)
    _ = object(&machine, at: 1)
    #expect(machine.tick(now: 20 * Self.second) == true)
    #expect(object(&machine, at: 21) == .ring)
  }

  @Test func withdrawalEndsTheClipAndEveryReason() {
    var machine = machine(.manual)
    #expect(machine.withdraw() == false)
    machine.trigger(.manual, now: 0)
    _ = object(&machine, at: 0)
    #expect(machine.withdraw() == true)
    #expect(object(&machine, at: 1) == .ring)
    machine.trigger(.manual, now: 0)
    #expect(machine.withdraw() == false)
    #expect(object(&machine, at: 1) == .ring)
  }

  /// Whatever comes, begin and end alternate, and nothing but a boundary ends or splits.
  @Test(arguments: RecordSettings.Mode.allCases) func beginAndEndAlternate(_ mode: RecordSettings.Mode) {
    var random = SplitMix(state: 7)
    for _ in 0..<200 {
      var machine = machine(mode)
      var open = false
      var now: UInt64 = 0
      for _ in 0..<300 {
        now += random.next() % (3 * Self.second)
        switch random.next() % 8 {
        case 0: machine.trigger(ClipMachine.Reason.allCases[Int(random.next() % 4)], now: now)
        case 1: if machine.tick(now: now) { open.toggle() }
        case 2: if machine.withdraw() { open.toggle() }
        default:
          let boundary = random.next().isMultiple(of: 3)
          switch machine.object(isBoundary: boundary, canBegin: boundary, now: now) {
          case .ring: #expect(!open)
          case .write: #expect(open)
          case .begin:
            #expect(!open)
            open = true
          case .split: #expect(open && boundary)
          case .end:
            #expect(open && boundary)
            open = false
          }
        }
        #expect(machine.isRecording == open)
      }
    }
  }
}

/// Random numbers that are the same each time.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
