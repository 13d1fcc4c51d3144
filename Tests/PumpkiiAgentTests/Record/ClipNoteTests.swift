import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// Why and when a clip began is its owners' to read, whatever detection may.
@Suite struct ClipNoteTests {
  @Test func anOwnerReadsTheReasonOfAClipWithoutDetection() async throws {
    let house = try Household()
    try await house.allow([.sensorCamera, .recordLocal], version: 1)
    let owner = try #require(house.bench.standing.value.recipients.first { $0.client == house.owner.clientID })
    #expect(owner.classes == [ClassMask(.video), ClassMask(.photo), ClassMask(.event)])
    try await house.allow([.sensorCamera], version: 2)
    let none = house.bench.standing.value.recipients.first { $0.client == house.owner.clientID }
    #expect(none?.classes.contains(.event) != true, "without recording there is no clip")
  }

  @Test func theNoteIsNoEventThatAnUploadWaitsFor() {
    let flags: Set<Flag> = [.sensorCamera, .recordLocal, .recordCloud]
    let facts = Facts(terms: .accepted, owner: OwnerPolicy(version: 1, hash: "", allowed: flags))
    #expect(!decide(media: "event", use: .upload, at: .upload, facts: facts, now: 0).allowed)
    #expect(decide(media: "event", use: .note, at: .giveKey, account: "aa", facts: withOwner(facts), now: 0).allowed)
    #expect(!decide(media: "event", use: .record, at: .seal, facts: facts, now: 0).allowed, "no event is sealed")
    var tally = ClipTally()
    tally.note(header(ClipNote.track))
    tally.note(header(Track(.video)))
    #expect(tally.classes == ClassMask(.video))
    tally.note(header(Track(.event)))
    #expect(tally.classes == [ClassMask(.video), ClassMask(.event)])
  }

  private func withOwner(_ facts: Facts) -> Facts {
    var facts = facts
    facts.grant = .owner
    return facts
  }

  private func header(_ track: Track) -> ObjectHeader {
    ObjectHeader(
      flags: [], mediaClass: track.mediaClass, device: DeviceID(of: SigningIdentity().publicKey),
      kid: SegmentKID(epoch: 1, segment: 0, track: track), index: 0, length: 0)
  }
}
