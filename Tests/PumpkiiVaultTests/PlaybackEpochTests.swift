import PumpkiiVault
import PumpkiiWire
import Testing

/// Epochs in a playback.
struct PlaybackEpochTests {
  private let old: Fixture
  private let new: Fixture
  init() throws {
    old = try Fixture(number: 7)
    new = try Fixture(number: 8)
  }

  @Test(arguments: [true, false])
  func aHigherEpochIsEnteredAtItsInit(_ live: Bool) throws {
    var session = try old.session(live ? .live : .recorded)
    try session.take(new.opened())
    var first = old.epoch()
    var second = new.epoch()
    let before = try Fixture.segment(&first, from: 5000)
    // The clock may have been set back between epochs.
    let after = try Fixture.segment(&second, randomAccess: [], from: 10)
    for bytes in before { _ = try session.open(bytes) }
    #expect(throws: VaultError(.gap, "")) { try session.open(after[1]) }
    for bytes in after { #expect(try session.open(bytes).missing == 0) }
    #expect(throws: VaultError(.wrongEpoch, "")) { try session.open(before[0]) }
  }

  @Test func anEpochAfterACutNeedsRandomAccess() throws {
    var session = try old.session()
    try session.take(new.opened())
    var first = old.epoch()
    var second = new.epoch()
    for bytes in try Fixture.segment(&first).dropLast() { _ = try session.open(bytes) }
    let after = try Fixture.segment(&second, randomAccess: [])
    #expect(try session.open(after[0]).cut?.epoch == 7)
    #expect(throws: VaultError(.gap, "")) { try session.open(after[1]) }
  }

  @Test func anEpochWithoutKeyMessageIsUnknown() throws {
    var session = try old.session()
    var epoch = new.epoch()
    let objects = try Fixture.segment(&epoch)
    #expect(throws: VaultError(.unknownEpoch, "")) { try session.open(objects[0]) }
  }

  @Test func keyMessagesOfALiveStreamOnlyRise() throws {
    var live = PlaybackSession(device: new.device, mode: .live)
    try live.take(new.opened())
    #expect(throws: VaultError(.wrongEpoch, "")) { try live.take(old.opened()) }
    var recorded = PlaybackSession(device: new.device, mode: .recorded)
    try recorded.take(new.opened())
    try recorded.take(old.opened())
  }

  @Test func anOlderRosterInANewerEpochIsRefused() throws {
    var session = PlaybackSession(device: old.device, mode: .live)
    try session.take(old.opened(rosterVersion: 5))
    #expect(throws: VaultError(.oldRoster, "")) { try session.take(new.opened(rosterVersion: 4)) }
    try session.take(new.opened(rosterVersion: 5))
  }

  @Test func twoKeyMessagesOfOneEpochAreAFork() throws {
    var session = try old.session()
    try session.take(old.opened())
    let other = Epoch(number: EpochNumber(dangerouslyUnrecorded: 7), identity: old.identity)
    let viewer = try Viewer(seed: 5)
    let message = try other.message(
      to: [viewer.recipient], time: 1, bootNonce: BootNonce(Array(repeating: 9, count: 16)), reason: .start,
      rosterVersion: 1, rosterHash: .zero)
    let opened = try KeyMessageOpener.open(
      head: message.head, entries: message.entries, device: old.device, client: viewer.client, keys: [viewer.pair])
    #expect(throws: VaultError(.wrongEpoch, "")) { try session.take(opened) }
  }

  @Test func anotherDevicesKeysAndObjectsAreRefused() throws {
    let stranger = try Fixture(seed: 2)
    var session = try old.session()
    #expect(throws: VaultError(.wrongDevice, "")) { try session.take(stranger.opened()) }
    var epoch = stranger.epoch()
    let objects = try Fixture.segment(&epoch)
    #expect(throws: VaultError(.wrongDevice, "")) { try session.open(objects[0]) }
  }

  @Test func liveKeysAreForgotten() throws {
    var session = PlaybackSession(device: old.device, mode: .live)
    for number in 1...40 { try session.take(Fixture(number: UInt32(number)).opened()) }
    var oldest = try Fixture(number: 1).epoch()
    let gone = try Fixture.segment(&oldest)
    #expect(throws: VaultError(.unknownEpoch, "")) { try session.open(gone[0]) }
    var newest = try Fixture(number: 40).epoch()
    for bytes in try Fixture.segment(&newest) { _ = try session.open(bytes) }
  }

  @Test func aClassWithoutKeyStaysShut() throws {
    let viewer = try Viewer(seed: 6, classes: ClassMask(.video))
    let message = try old.message(to: [viewer])
    var session = PlaybackSession(device: old.device, mode: .live)
    try session.take(
      KeyMessageOpener.open(
        head: message.head, entries: message.entries, device: old.device, client: viewer.client, keys: [viewer.pair]))
    var epoch = old.epoch()
    _ = try session.open(Fixture.segment(&epoch)[0])
    let audio = try Fixture.segment(&epoch, track: Track(.audio))
    #expect(throws: VaultError(.noKey, "")) { try session.open(audio[0]) }
  }
}
