import PumpkiiPolicy
import Testing

@Suite struct ModeTests {
  /// Random sets of flags, the same in every run.
  static let sets: [Set<Flag>] = {
    var random = SeededRandom(seed: 3)
    return (0..<200).map { _ in Set(Flag.allCases.filter { _ in Bool.random(using: &random) }) }
  }()

  @Test(arguments: Mode.allCases) func theFlagsOfAModeAreThatMode(_ mode: Mode) {
    for flags in Self.sets { #expect(Mode.of(mode.applied(to: flags)) == mode) }
    #expect(mode.applied(to: mode.applied(to: [])) == mode.applied(to: []))
  }

  @Test(arguments: Mode.allCases) func aModeSetsNothingButWhatItsTableSays(_ mode: Mode) {
    #expect(Set(mode.settings.keys).isSubset(of: Set(Mode.governed)))
    for flags in Self.sets {
      let changed = mode.applied(to: flags).symmetricDifference(flags)
      #expect(changed.isSubset(of: Set(mode.settings.keys)))
    }
  }

  @Test func noModeTurnsTheMicrophoneOn() {
    for mode in Mode.allCases {
      for flag in [Flag.sensorMicrophone, .detectSound, .shareAudio] { #expect(mode.settings[flag] != true) }
    }
  }

  @Test func offDeniesEverySensorAndEverythingThatRestsOnOne() {
    let left = Mode.off.applied(to: Set(Flag.allCases))
    #expect(
      left.isDisjoint(with: Set(Mode.governed)) && Set(Mode.governed).isSuperset(of: [.sensorCamera, .detectSound]))
    let facts = Facts(terms: .accepted, owner: OwnerPolicy(version: 1, hash: "", allowed: left))
    for media in ["video", "audio", "photo", "event"] {
      let uses = Uses.allowed(media: media, among: Uses(rawValue: 0x7F), point: .seal, facts: facts, now: 0)
      #expect(uses.allowed.isEmpty)
    }
  }

  @Test func detectStreamsAndRecordsNothing() {
    let facts = Facts(
      terms: .accepted,
      owner: OwnerPolicy(version: 1, hash: "", allowed: Mode.detect.applied(to: Set(Flag.allCases))))
    let uses = Uses.allowed(media: "video", among: Uses(rawValue: 0x7F), point: .seal, facts: facts, now: 0)
    #expect(uses.allowed == [.preview, .detectMotion])
  }

  @Test func flagsChosenOneByOneAreNoMode() {
    #expect(Mode.of([]) == .off)
    #expect(Mode.of([.sensorCamera]) == nil)
    #expect(Mode.of([.sensorMicrophone]) == nil)
    #expect(Mode.of([.notifyEmail, .termsAccepted]) == .off)
  }
}
