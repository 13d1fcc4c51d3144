import PumpkiiPolicy
import Testing

@Suite struct DecideTests {
  /// What one layer can say about a flag.
  enum Word: CaseIterable { case absent, deny, allow, missing }
  static let everything = OwnerPolicy(version: 7, hash: "ab", allowed: Set(Flag.allCases))

  /// `missing` is a layer without anything at all: no ceiling file, no policy, no grant.
  static func facts(_ flag: Flag, ceiling: Word, owner: Word, grant: Word) -> Facts {
    let others = Set(Flag.allCases).subtracting([flag])
    var facts = Facts(terms: .accepted)
    switch ceiling {
    case .missing: facts.ceiling = nil
    case .absent: facts.ceiling = Dictionary(uniqueKeysWithValues: others.map { ($0, true) })
    case .deny: facts.ceiling = [flag: false]
    case .allow: facts.ceiling = [flag: true]
    }
    switch owner {
    case .missing: facts.owner = nil
    case .absent: facts.owner = OwnerPolicy(version: 7, hash: "ab", allowed: others)
    case .deny: facts.owner = OwnerPolicy(version: 7, hash: "ab", allowed: Set(Flag.allCases), narrowed: [flag])
    case .allow: facts.owner = OwnerPolicy(version: 7, hash: "ab", allowed: [flag])
    }
    switch grant {
    case .missing: facts.grant = nil
    case .absent: facts.grant = GrantFacts(flags: others)
    case .deny: facts.grant = GrantFacts(flags: [flag], from: 10, until: 20)
    case .allow: facts.grant = GrantFacts(flags: [flag])
    }
    return facts
  }

  /// Every point × flag × what each layer says: 13 × 21 × 4 × 4 × 4.
  @Test(arguments: Point.allCases) func theTable(_ point: Point) {
    let account = point == .giveKey || point == .serve ? "aa" : nil
    for flag in Flag.allCases {
      for ceiling in Word.allCases {
        for owner in Word.allCases {
          for grant in Word.allCases {
            let given = Self.facts(flag, ceiling: ceiling, owner: owner, grant: grant)
            let decision = decide(Request(point: point, flag: flag, account: account), facts: given, now: 30)
            let asksGrant = account != nil && flag != .sensorCamera && flag != .sensorMicrophone
            let first: Layer? =
              if ceiling == .deny || ceiling == .absent {
                .ceiling
              } else if owner != .allow {
                .owner
              } else if asksGrant, grant != .allow {
                .grant
              } else {
                nil
              }
            #expect(decision.layer == first, "\(point) \(flag) \(ceiling) \(owner) \(grant)")
            #expect(decision.allowed == (first == nil))
            #expect(decision.flag == flag && decision.clause == flag.clause)
            #expect(decision.policyVersion == (owner == .missing ? 0 : 7))
            #expect(decision.policyHash == (owner == .missing ? "" : "ab"))
          }
        }
      }
    }
  }

  @Test(arguments: Flag.allCases) func withoutAnythingEverythingIsDenied(_ flag: Flag) {
    for point in Point.allCases {
      let decision = decide(Request(point: point, flag: flag), facts: Facts(), now: 0)
      #expect(!decision.allowed && decision.layer == (flag.leavesDevice || point == .upload ? .terms : .owner))
    }
  }

  @Test func anAccountIsAskedForItsGrantAtAnyPoint() {
    let facts = Facts(terms: .accepted, owner: Self.everything)
    #expect(decide(Request(point: .seal, flag: .shareVideo), facts: facts, now: 0).allowed)
    #expect(decide(Request(point: .seal, flag: .shareVideo, account: "aa"), facts: facts, now: 0).layer == .grant)
    #expect(decide(Request(point: .giveKey, flag: .shareVideo), facts: facts, now: 0).layer == .grant)
    let given = Facts(terms: .accepted, owner: Self.everything, grant: .owner)
    #expect(decide(Request(point: .giveKey, flag: .shareVideo), facts: given, now: 0).layer == .grant)
    #expect(decide(Request(point: .giveKey, flag: .shareVideo, account: "aa"), facts: given, now: 0).allowed)
  }

  @Test(arguments: [
    (now: 9 as UInt64, allowed: false, changes: 10 as UInt64?), (10, true, 20), (19, true, 20), (20, false, nil),
  ])
  func aGrantHoldsFromItsFirstInstantToItsEnd(now: UInt64, allowed: Bool, changes: UInt64?) {
    let facts = Facts(
      terms: .accepted, owner: Self.everything, grant: GrantFacts(flags: [.shareVideo], from: 10, until: 20))
    let decision = decide(Request(point: .giveKey, flag: .shareVideo, account: "aa"), facts: facts, now: now)
    #expect(decision.allowed == allowed)
    #expect(decision.changesAt == changes)
  }

  @Test func aGrantWithoutAnEndNeverChangesAndAnEmptyOneNeverBegins() {
    let request = Request(point: .serve, flag: .shareVideo, account: "aa")
    let endless = Facts(terms: .accepted, owner: Self.everything, grant: GrantFacts(flags: [.shareVideo], from: 10))
    #expect(decide(request, facts: endless, now: 10).changesAt == nil)
    let empty = Facts(
      terms: .accepted, owner: Self.everything, grant: GrantFacts(flags: [.shareVideo], from: 20, until: 20))
    #expect(decide(request, facts: empty, now: 10).changesAt == nil)
    #expect(!decide(request, facts: empty, now: 10).allowed)
  }

  @Test func aDenialThatStaysHidesTheInstantOfOneThatPasses() {
    let facts = Facts(terms: .accepted, owner: nil, grant: GrantFacts(flags: [.shareVideo], from: 10))
    let decision = decide(Request(point: .serve, flag: .shareVideo, account: "aa"), facts: facts, now: 5)
    #expect(decision.layer == .owner && decision.changesAt == nil)
  }

  @Test func anUnreadablePolicyDeniesAndSaysWhy() {
    let facts = Facts(ownerProblem: "the policy file is of version 3, below the accepted 4")
    let decision = decide(Request(point: .openSensor, flag: .sensorMicrophone), facts: facts, now: 0)
    #expect(decision.layer == .owner)
    #expect(
      decision.reason == """
        sensor.microphone (use the microphone) is denied and the device is not opened: everything is denied because \
        the policy file is of version 3, below the accepted 4. The owner can set the policy anew with \
        "pumpkii permissions set".
        """)
  }

  @Test func reasonsSayWhatWhyAndWhatToChange() {
    for point in Point.allCases {
      for flag in Flag.allCases {
        let account = point == .giveKey ? "aa" : nil
        for layer in [Word.deny, .absent, .missing] {
          let given = Self.facts(flag, ceiling: .missing, owner: layer, grant: .allow)
          let reason = decide(Request(point: point, flag: flag, account: account), facts: given, now: 0).reason
          #expect(reason.hasPrefix("\(flag.rawValue) (\(flag.action)) is denied and \(point.denial(of: flag)): "))
          #expect(reason.hasSuffix("."))
          #expect(reason.contains("pumpkii permissions set"))
        }
      }
    }
    let allowed = decide(
      Request(point: .seal, flag: .shareVideo), facts: Facts(terms: .accepted, owner: Self.everything), now: 0)
    #expect(
      allowed.reason
        == "share.video (share video) is allowed by the owner's policy, version 7, and by every other layer.")
  }

  @Test func namesThatAreNoFlagAllowNothing() {
    let owner = OwnerPolicy(
      version: 1, hash: "", allowing: ["share.video", "share.everything", "Share.audio"],
      narrowed: ["share.photo", "x"])
    #expect(owner.allowed == [.shareVideo] && owner.narrowed == [.sharePhoto])
  }
}
