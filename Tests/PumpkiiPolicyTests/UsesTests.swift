import PumpkiiPolicy
import Testing

@Suite struct UsesTests {
  static func facts(_ flags: Set<Flag>) -> Facts {
    Facts(terms: .accepted, owner: OwnerPolicy(version: 1, hash: "", allowed: flags))
  }
  static let table: [(String, Use, [Flag])] = [
    ("video", .live, [.sensorCamera, .shareVideo]), ("video", .record, [.sensorCamera, .recordLocal]),
    ("video", .upload, [.sensorCamera, .recordLocal, .recordCloud]), ("video", .preview, [.sensorCamera]),
    ("video", .photo, [.sensorCamera, .sharePhoto]), ("video", .detectMotion, [.sensorCamera, .detectMotion]),
    ("audio", .live, [.sensorMicrophone, .shareAudio]), ("audio", .record, [.sensorMicrophone, .recordLocal]),
    ("audio", .upload, [.sensorMicrophone, .recordLocal, .recordCloud]), ("audio", .preview, [.sensorMicrophone]),
    ("audio", .detectSound, [.sensorMicrophone, .detectSound]),
    ("photo", .live, [.sensorCamera, .sharePhoto]), ("photo", .photo, [.sensorCamera, .sharePhoto]),
    ("photo", .record, [.sensorCamera, .recordLocal]),
    ("photo", .upload, [.sensorCamera, .recordLocal, .recordCloud]),
    ("photo", .preview, [.sensorCamera]),
    ("event", .detectMotion, [.sensorCamera, .detectMotion]),
    ("event", .detectSound, [.sensorMicrophone, .detectSound]), ("event", .note, [.recordLocal]),
  ]

  @Test(arguments: table) func eachUseNeedsAllItsFlagsAndNoOther(media: String, use: Use, flags: [Flag]) {
    #expect(Request.flags(for: media, use: use) == flags)
    let all = Set(flags)
    #expect(decide(media: media, use: use, at: .seal, facts: Self.facts(all), now: 0).allowed)
    for flag in flags {
      let without = Self.facts(Set(Flag.allCases).subtracting([flag]))
      let decision = decide(media: media, use: use, at: .seal, facts: without, now: 0)
      #expect(!decision.allowed && decision.flag == flag)
    }
  }

  @Test(arguments: [
    ("audio", Use.photo), ("audio", .detectMotion), ("video", .detectSound), ("video", .note), ("smell", .live),
  ])
  func aUseThatAClassCannotHaveNeedsEveryFlag(media: String, use: Use) {
    #expect(Request.flags(for: media, use: use) == Flag.allCases)
    let most = Self.facts(Set(Flag.allCases).subtracting([.discloseProvider]))
    #expect(!decide(media: media, use: use, at: .seal, facts: most, now: 0).allowed)
  }

  static let eventUses: [(Use, [Flag])] = [
    (.live, []), (.preview, []), (.record, [.recordLocal]), (.upload, [.recordLocal, .recordCloud]),
  ]

  @Test(arguments: eventUses)
  func anEventComesAboutByMotionOrBySound(use: Use, more: [Flag]) {
    for pair in [[Flag.sensorCamera, .detectMotion], [.sensorMicrophone, .detectSound]] {
      let flags = Set(pair + more)
      #expect(decide(media: "event", use: use, at: .seal, facts: Self.facts(flags), now: 0).allowed)
      for flag in flags {
        let fewer = Self.facts(flags.subtracting([flag]))
        #expect(!decide(media: "event", use: use, at: .seal, facts: fewer, now: 0).allowed)
      }
    }
    let crossed = Self.facts(Set([Flag.sensorCamera, .detectSound] + more))
    #expect(!decide(media: "event", use: use, at: .seal, facts: crossed, now: 0).allowed)
  }

  @Test func anObjectKeepsTheUsesThatAreAllowedAndTheFirstDenial() {
    let facts = Self.facts([.sensorCamera, .recordLocal, .detectMotion])
    let among: Uses = [.live, .record, .upload, .preview]
    let (allowed, denial) = Uses.allowed(media: "video", among: among, point: .seal, facts: facts, now: 0)
    #expect(allowed == [.record, .preview])
    #expect(denial?.flag == .shareVideo && denial?.layer == .owner)
    let all = Uses.allowed(media: "video", among: [.record, .preview], point: .seal, facts: facts, now: 0)
    #expect(all.allowed == [.record, .preview] && all.denial == nil)
    let none = Uses.allowed(media: "audio", among: among, point: .seal, facts: facts, now: 0)
    #expect(none.allowed.isEmpty && none.denial?.flag == .sensorMicrophone)
  }

  @Test func aKeyOfAClassNeedsTheGrantOfThatClassAndSaysWhenItEnds() {
    let grant = GrantFacts(media: ["video", "event", "smell"], from: 1, until: 9)
    #expect(grant.flags == [.shareVideo, .detectMotion, .detectSound])
    #expect(GrantFacts(media: ["audio", "photo"], control: true).flags == [.shareAudio, .sharePhoto, .shareDevice])
    let facts = Facts(terms: .accepted, owner: DecideTests.everything, grant: grant)
    let video = decide(media: "video", at: .giveKey, account: "aa", facts: facts, now: 5)
    #expect(video.allowed && video.changesAt == 9)
    #expect(decide(media: "event", at: .giveKey, account: "aa", facts: facts, now: 5).allowed)
    #expect(decide(media: "audio", at: .giveKey, account: "aa", facts: facts, now: 5).layer == .grant)
  }

  /// The microphone's turn comes at five, the share's at nine: only then does the whole change.
  @Test func aDenialOfTwoFlagsChangesWithTheLast() throws {
    var facts = try ScheduleLayerTests.facts()
    let share = try #require(Schedule.Entry(flags: [.shareVideo], days: .monday, from: 600, to: 660))
    let camera = try #require(Schedule.Entry(flags: [.sensorCamera], days: .monday, from: 540, to: 1020))
    facts.owner?.schedule = Schedule(entries: [share, camera], zone: "Europe/Berlin")
    let before = decide(media: "video", at: .seal, facts: facts, now: ScheduleLayerTests.nine - 1)
    #expect(before.flag == .sensorCamera)
    #expect(before.changesAt == ScheduleLayerTests.nine + ScheduleTests.micros(3600))
  }

  /// By motion until five, by sound for ever: it is allowed for ever; and where both are denied, the first way back counts.
  @Test func ofTwoWaysTheOneThatServesLongerOrComesSoonerCounts() throws {
    var facts = try ScheduleLayerTests.facts()
    let inside = decide(media: "event", at: .seal, facts: facts, now: ScheduleLayerTests.nine)
    #expect(inside.allowed && inside.changesAt == nil)
    let sound = try #require(Schedule.Entry(flags: [.detectSound], days: .monday, from: 600, to: 660))
    let camera = try #require(Schedule.Entry(flags: [.sensorCamera], days: .monday, from: 540, to: 1020))
    facts.owner?.schedule = Schedule(entries: [sound, camera], zone: "Europe/Berlin")
    let before = decide(media: "event", at: .seal, facts: facts, now: ScheduleLayerTests.nine - 1)
    #expect(!before.allowed && before.changesAt == ScheduleLayerTests.nine)
    let both = decide(
      media: "event", at: .seal, facts: facts, now: ScheduleLayerTests.nine + ScheduleTests.micros(3600))
    #expect(both.allowed && both.changesAt == ScheduleLayerTests.nine + ScheduleTests.micros(8 * 3600))
  }
}
