import PumpkiiChain
import PumpkiiVault
import PumpkiiWire
import Testing

struct KeyMessageTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  private func open(_ message: KeyMessage, _ viewer: Viewer, minimumRoster: UInt64? = nil) throws -> OpenedEpoch {
    try KeyMessageOpener.open(
      head: message.head, entries: message.entries, device: fixture.device, client: viewer.client, keys: [viewer.pair],
      minimumRoster: minimumRoster)
  }

  @Test func everyRecipientOpensItsOwnClasses() throws {
    let viewers = [
      try Viewer(seed: 11), try Viewer(seed: 12, suite: .xWing),
      try Viewer(seed: 13, suite: .xWing, classes: [ClassMask(.video), ClassMask(.photo)]),
    ]
    let message = try fixture.message(to: viewers)
    #expect(message.skipped.isEmpty)
    #expect(message.items.count == 4)
    #expect(message.items.map(\.kind) == [.keyHead, .keyEntry, .keyEntry, .keyEntry])
    for viewer in viewers {
      let opened = try open(message, viewer)
      #expect(opened.classes == viewer.classes)
      #expect(opened.uid == fixture.uid)
      for mediaClass in MediaClass.allCases {
        let key = opened.key(mediaClass)
        #expect(key?.exposed == (viewer.classes.contains(mediaClass) ? fixture.keys[mediaClass]?.exposed : nil))
      }
    }
  }

  @Test func aBadKeyStopsNobodyElse() throws {
    let good = try Viewer(seed: 11)
    var bad = try Viewer(seed: 12).recipient
    bad.publicKey = Array(repeating: 0, count: 32)
    var crooked = try Viewer(seed: 13, suite: .xWing).recipient
    crooked.publicKey.replaceSubrange(0..<384, with: repeatElement(0xff, count: 384))
    let epoch = fixture.epoch()
    let message = try epoch.message(
      to: [bad, good.recipient, crooked], time: 1, bootNonce: BootNonce(Array(repeating: 0, count: 16)),
      reason: .narrowed, rosterVersion: 1, rosterHash: .zero)
    #expect(message.skipped == [bad.client, crooked.client])
    #expect(message.entries.count == 1)
    _ = try open(message, good)
  }

  @Test func somebodyWithoutAClassGetsNothing() throws {
    let message = try fixture.message(to: [Viewer(seed: 3, classes: [])])
    #expect(message.entries.isEmpty)
    #expect(message.skipped.count == 1)
  }

  @Test func anOlderRosterIsRefused() throws {
    let viewer = try Viewer(seed: 11)
    let message = try fixture.message(to: [viewer], rosterVersion: 4)
    #expect(throws: VaultError(.oldRoster, "")) { try open(message, viewer, minimumRoster: 5) }
    #expect(try open(message, viewer, minimumRoster: 4).rosterVersion == 4)
  }

  @Test func oneFindsExactlyOnesOwnEntry() throws {
    let viewer = try Viewer(seed: 11)
    let stranger = try Viewer(seed: 12)
    let message = try fixture.message(to: [viewer])
    #expect(throws: VaultError(.noEntry, "")) { try open(message, stranger) }
    let other = try fixture.message(to: [viewer])
    #expect(throws: VaultError(.badEntry, "")) {
      try KeyMessageOpener.open(
        head: message.head, entries: other.entries, device: fixture.device, client: viewer.client,
        keys: [viewer.pair])
    }
    #expect(throws: VaultError(.badEntry, "")) {
      try KeyMessageOpener.open(
        head: message.head, entries: message.entries + message.entries, device: fixture.device,
        client: viewer.client, keys: [viewer.pair])
    }
    #expect(throws: VaultError(.noEntry, "")) {
      try KeyMessageOpener.open(
        head: message.head, entries: message.entries, device: fixture.device, client: viewer.client,
        keys: [stranger.pair])
    }
  }

  @Test func anotherDeviceIsRefused() throws {
    let viewer = try Viewer(seed: 11)
    let message = try fixture.message(to: [viewer])
    let stranger = DeviceID(of: viewer.identity.publicKey)
    #expect(throws: VaultError(.wrongDevice, "")) {
      try KeyMessageOpener.open(
        head: message.head, entries: message.entries, device: stranger, client: viewer.client, keys: [viewer.pair])
    }
  }

  /// A guest can list the owner's client in its own chain; that must not stop the next epoch.
  @Test func aClientOfTwoAccountsGetsOneEntryAndStopsNobody() throws {
    let viewer = try Viewer(seed: 11)
    let other = try Viewer(seed: 12)
    var again = viewer.recipient
    again.classes = ClassMask(.video)
    let message = try fixture.epoch().message(
      to: [viewer.recipient, again, other.recipient], time: 1, bootNonce: BootNonce(Array(repeating: 0, count: 16)),
      reason: .narrowed, rosterVersion: 1, rosterHash: .zero)
    #expect(message.skipped == [viewer.client] && message.entries.count == 2)
    #expect(try open(message, viewer).classes == viewer.classes, "the first entry holds")
    #expect(try open(message, other).classes == other.classes)
  }

  @Test func recipientsAreLimited() throws {
    let viewer = try Viewer(seed: 11)
    let epoch = fixture.epoch()
    let boot = try BootNonce(Array(repeating: 0, count: 16))
    #expect(throws: VaultError(.malformed, "")) {
      try epoch.message(
        to: Array(repeating: viewer.recipient, count: 257), time: 1, bootNonce: boot, reason: .start, rosterVersion: 1,
        rosterHash: .zero)
    }
  }

  @Test func aPaperKeyOpensLikeAnyOther() throws {
    let seed = try RecoverySeed(bytes: Array(repeating: 8, count: 32))
    let client = ClientID(of: seed.signing.publicKey)
    let recipient = Recipient(
      client: client, account: Viewer.account, accountVersion: 1, accountHead: .zero, suite: seed.sealing.suite,
      publicKey: seed.sealing.publicKey, classes: .all)
    let epoch = fixture.epoch()
    let message = try epoch.message(
      to: [recipient], time: 1, bootNonce: BootNonce(Array(repeating: 0, count: 16)), reason: .start,
      rosterVersion: 1, rosterHash: .zero)
    let again = try RecoverySeed(text: seed.text)
    let opened = try KeyMessageOpener.open(
      head: message.head, entries: message.entries, device: fixture.device, client: client, keys: [again.sealing])
    #expect(opened.classes == .all)
  }
}
