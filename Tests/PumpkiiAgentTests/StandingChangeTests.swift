import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiWire
import Testing

/// What holds while a change is on its way: what both standings allow, denied in the right layer's name.
@Suite struct StandingChangeTests {
  private static let camera = Request(point: .keepSensor, flag: .sensorCamera)

  private static func owner(_ allowed: Set<Flag>, schedule: Schedule = .none) -> OwnerPolicy {
    var owner = OwnerPolicy(version: 1, hash: "00", allowed: allowed)
    owner.schedule = schedule
    return owner
  }

  private static func standing(
    _ allowed: Set<Flag>, schedule: Schedule = .none, terms: TermsFacts = .accepted
  ) -> Standing {
    Standing(
      facts: Facts(
        terms: terms, owner: owner(allowed, schedule: schedule), zone: try? NoonZone(noon: 43_200).rules,
        clock: .trusted))
  }

  private static func both(_ before: Standing, _ after: Standing) -> Facts {
    StandingChange(from: before, to: after, now: NoonZone.noon).both.facts
  }

  @Test func `what set times deny in both is denied by the schedule, not in the owner's name`() {
    let night = NoonZone.schedule(of: [.sensorCamera], minutes: 1200..<1260)
    let (before, after) = (
      Self.standing([.sensorCamera, .shareVideo], schedule: night), Self.standing([.sensorCamera], schedule: night)
    )
    let change = StandingChange(from: before, to: after, now: NoonZone.noon)
    #expect(change.narrows)
    #expect(decide(Self.camera, facts: change.both.facts, now: NoonZone.noon).layer == .schedule)
    let evening = NoonZone.noon + 8 * 3_600_000_000 + 60_000_000
    #expect(decide(Self.camera, facts: change.both.facts, now: evening).allowed)
  }

  @Test func `what another layer denied before is not gained while a change is on its way`() {
    let (denied, allowed) = (Self.standing([.sensorCamera], terms: .none), Self.standing([.sensorCamera]))
    for flag in Flag.allCases {
      let request = Request(point: .keepSensor, flag: flag)
      let had = decide(request, facts: denied.facts, now: NoonZone.noon).allowed
      let has = decide(request, facts: allowed.facts, now: NoonZone.noon).allowed
      #expect(decide(request, facts: Self.both(denied, allowed), now: NoonZone.noon).allowed == (had && has))
    }
  }

  @Test func `what an older schedule denies now is not gained by a newer one before it is kept`() {
    let night = NoonZone.schedule(of: [.sensorCamera], minutes: 1200..<1260)
    let day = NoonZone.schedule(of: [.sensorCamera], minutes: 480..<1080)
    let (before, after) = (
      Self.standing([.sensorCamera], schedule: night), Self.standing([.sensorCamera], schedule: day)
    )
    #expect(!decide(Self.camera, facts: Self.both(before, after), now: NoonZone.noon).allowed)
    #expect(!decide(Self.camera, facts: Self.both(after, before), now: NoonZone.noon).allowed)
  }
}
