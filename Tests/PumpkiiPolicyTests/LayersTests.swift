import PumpkiiPolicy
import Testing

/// Each layer denies or does not; the first in the order explains, whatever the others say.
@Suite struct LayersTests {
  static let now = ScheduleLayerTests.nine

  /// Facts in which exactly `denying` deny `flag` to an account.
  static func facts(_ denying: Set<Layer>, flag: Flag) throws -> Facts {
    let entry = try #require(
      Schedule.Entry(flags: [flag], days: denying.contains(.schedule) ? .tuesday : .all, from: 0, to: 1440))
    return Facts(
      hardware: denying.contains(.hardware)
        ? HardwareFacts(camera: .shutterClosed, microphone: .killSwitch) : HardwareFacts(),
      ceiling: [flag: !denying.contains(.ceiling)], terms: denying.contains(.terms) ? TermsFacts.none : .accepted,
      owner: OwnerPolicy(
        version: 3, hash: "cd", allowed: denying.contains(.owner) ? [] : [flag],
        schedule: Schedule(entries: [entry], zone: "Europe/Berlin")),
      zone: try ZoneFile.rules("Europe/Berlin"), clock: .trusted,
      grant: denying.contains(.grant) ? nil : .owner)
  }

  /// Layers that have a say about this flag at all.
  static func concerned(_ flag: Flag, _ point: Point) -> [Layer] {
    Layer.allCases.filter {
      switch $0 {
      case .hardware: [.sensorCamera, .sensorMicrophone, .detectMotion, .detectSound].contains(flag)
      case .terms:
        point == .upload
          || ![
            .sensorCamera, .sensorMicrophone, .recordLocal, .detectMotion, .detectSound, .notifySystem,
          ].contains(flag)
      case .grant: flag != .sensorCamera && flag != .sensorMicrophone
      default: true
      }
    }
  }

  /// 13 points × 21 flags × 64 combinations of layers that deny.
  @Test(arguments: Point.allCases) func theFirstThatDeniesExplains(_ point: Point) throws {
    for flag in Flag.allCases {
      for mask in 0..<64 {
        let denying = Layer.allCases.enumerated().filter { mask & (1 << $0.offset) != 0 }.map(\.element)
        let facts = try Self.facts(Set(denying), flag: flag)
        let decision = decide(Request(point: point, flag: flag, account: "aa"), facts: facts, now: Self.now)
        let first = Self.concerned(flag, point).first { denying.contains($0) }
        #expect(decision.layer == first && decision.allowed == (first == nil), "\(point) \(flag) \(denying)")
      }
    }
  }

  @Test func layersStandInTheOrderOfExplanation() {
    #expect(Layer.allCases == [.hardware, .ceiling, .terms, .owner, .schedule, .grant])
    #expect(Layer.allCases == Layer.allCases.sorted())
  }

  static let obstacles: [(SensorObstacles, String)] = [
    (.killSwitch, "the kill switch is thrown"), (.missing, "no camera is there"),
    (.stranger, "not the camera that consent was given for"), (.shutterClosed, "privacy shutter is closed"),
    ([.shutterClosed, .killSwitch], "the kill switch is thrown"),
  ]

  @Test(arguments: obstacles)
  func anObstacleDeniesItsSensorAndWhatItDetectsAndNothingElse(_ obstacle: SensorObstacles, words: String) {
    let facts = Facts(
      hardware: HardwareFacts(camera: obstacle), terms: .accepted, owner: DecideTests.everything)
    for flag in Flag.allCases {
      let decision = decide(Request(point: .keepSensor, flag: flag), facts: facts, now: 0)
      let isOfCamera = flag == .sensorCamera || flag == .detectMotion
      #expect(decision.allowed != isOfCamera && (decision.layer == .hardware) == isOfCamera)
      if isOfCamera { #expect(decision.reason.contains(words)) }
    }
  }

  @Test func withoutTermsLocalUseGoesOnAndNothingLeaves() {
    let facts = Facts(terms: TermsFacts.none, owner: DecideTests.everything)
    let local: Set<Flag> = [
      .sensorCamera, .sensorMicrophone, .recordLocal, .detectMotion, .detectSound, .notifySystem,
    ]
    for flag in Flag.allCases {
      let decision = decide(Request(point: .seal, flag: flag), facts: facts, now: 0)
      #expect(decision.allowed == local.contains(flag), "\(flag)")
      #expect(!decide(Request(point: .upload, flag: flag), facts: facts, now: 0).allowed)
    }
    #expect(decide(media: "video", use: .preview, at: .showLocally, facts: facts, now: 0).allowed)
    #expect(decide(media: "video", use: .record, at: .record, facts: facts, now: 0).allowed)
    #expect(decide(media: "video", use: .live, at: .seal, facts: facts, now: 0).layer == .terms)
  }

  @Test func termsNeedTheVersionItsTextAndTheRisk() {
    let older = TermsFacts.Version(number: 0, hash: Texts.terms.hash)
    let otherText = TermsFacts.Version(number: Texts.terms.number, hash: "00")
    let newer = TermsFacts.Version(number: 2, hash: "11")
    let cases: [(TermsFacts?, String?)] = [
      (nil, "the terms were not accepted"), (.accepted, nil),
      (TermsFacts(accepted: older, acknowledgedRisk: Texts.riskHash), "version 0 was accepted, version 1 is in force"),
      (TermsFacts(accepted: otherText, acknowledgedRisk: Texts.riskHash), "the terms changed"),
      (TermsFacts(accepted: Texts.terms, acknowledgedRisk: nil), "the risk was not acknowledged"),
      (TermsFacts(accepted: Texts.terms, acknowledgedRisk: "00"), "another text about the risk"),
      (TermsFacts(accepted: Texts.terms, acknowledgedRisk: Texts.riskHash, current: newer), "version 2 is in force"),
      (TermsFacts(accepted: newer, acknowledgedRisk: Texts.riskHash, current: newer), nil),
    ]
    for (terms, words) in cases {
      let facts = Facts(terms: terms, owner: DecideTests.everything)
      let decision = decide(Request(point: .seal, flag: .shareVideo), facts: facts, now: 0)
      #expect(decision.allowed == (words == nil) && (decision.layer == .terms) == (words != nil))
      if let words { #expect(decision.reason.contains(words)) }
    }
  }

  @Test(arguments: [OwnerPolicy.Pause.owner, .board]) func aPauseDeniesEverythingAndItsEndRestoresExactlyWhatWas(
    _ pause: OwnerPolicy.Pause
  ) {
    var owner = OwnerPolicy(version: 2, hash: "", allowed: [.sensorCamera, .shareVideo], narrowed: [.shareVideo])
    let before = owner
    owner.paused = pause
    for flag in Flag.allCases {
      let decision = decide(Request(point: .seal, flag: flag), facts: Facts(terms: .accepted, owner: owner), now: 0)
      #expect(decision.layer == .owner && decision.reason.contains("paused") && decision.reason.contains("resume"))
    }
    owner.paused = nil
    #expect(owner == before)
  }
}

@Suite struct OutcomeTests {
  static func facts(without flags: Set<Flag> = []) -> Facts {
    Facts(
      terms: .accepted,
      owner: OwnerPolicy(version: 1, hash: "", allowed: Set(Flag.allCases).subtracting(flags)))
  }

  @Test(arguments: Flag.allCases) func whatIsDeniedIsUnavailableAndNamesWhatWouldChangeIt(_ flag: Flag) {
    let decision = decide(Request(point: .seal, flag: flag), facts: Self.facts(without: [flag]), now: 0)
    #expect(decision.outcome == .unavailable(flag.rawValue))
    #expect(assess(Request(point: .seal, flag: flag), facts: Self.facts(), now: 0).outcome == .full)
  }

  @Test func whatIsAllowedWithoutItsCompanionIsReducedAndSaysWhatIsWorse() {
    let video = Request(point: .seal, flag: .shareVideo)
    let mute = Self.facts(without: [.shareAudio])
    #expect(assess(video, facts: mute, now: 0).outcome == .reduced("video has no sound (share.audio)"))
    #expect(assess(video, facts: mute, now: 0).allowed && decide(video, facts: mute, now: 0).outcome == .full)
    let record = assess(
      Request(point: .record, flag: .recordLocal), facts: Self.facts(without: [.detectMotion]), now: 0)
    #expect(record.outcome == .reduced("motion begins no recording (detect.motion)"))
  }

  @Test func everyOtherLayerNamesItsLever() throws {
    for layer in Layer.allCases where layer != .owner {
      let flag: Flag = layer == .hardware ? .detectMotion : .shareVideo
      let facts = try LayersTests.facts([layer], flag: flag)
      let request = Request(point: .giveKey, flag: flag, account: "aa")
      guard case .unavailable(let lever) = decide(request, facts: facts, now: LayersTests.now).outcome else {
        Issue.record("\(layer) does not deny")
        continue
      }
      #expect(!lever.isEmpty)
      if layer == .terms { #expect(lever == "terms.accepted") }
    }
  }

  @Test func anotherPurposeThanTheFlagsOwnIsDenied() {
    for flag in Flag.allCases {
      for purpose in Purpose.allCases {
        let request = Request(point: .seal, flag: flag, purpose: purpose)
        let decision = decide(request, facts: Self.facts(), now: 0)
        #expect(decision.allowed == (purpose == flag.purpose))
        #expect(decision.clause == (purpose == flag.purpose ? flag.clause : "C18"))
        #expect(decision.layer == nil)
      }
    }
  }
}
