import PumpkiiChain
import PumpkiiClient
import PumpkiiVault
import PumpkiiWire
import Testing

/// The pure half of watching, without relay and clock.
@Suite struct PlaybackTests {
  private struct Stage {
    let identity = SigningIdentity()
    let viewer = SigningIdentity()
    let sealing = SealingKeyPair(suite: .x25519)
    let account: AccountID
    var device: DeviceID { DeviceID(of: identity.publicKey) }

    init() throws { account = try AccountID(Array(repeating: 5, count: 32)) }

    func playback(minimumRoster: UInt64? = nil, minimumEpoch: UInt32 = 0, roster: Roster? = nil) -> Playback {
      Playback(
        device: device, mode: .live,
        keys: Playback.Keys(
          client: ClientID(of: viewer.publicKey), sealing: [sealing], minimumRoster: minimumRoster,
          minimumEpoch: minimumEpoch, roster: roster))
    }

    func roster() throws -> Roster {
      let genesis = RosterGenesis(
        device: device, deviceKey: identity.publicKey, owner: account, ownerVersion: 1, ownerHead: .zero)
      return try Roster(genesis: identity.sign(genesis, .roster).bytes)
    }

    func epoch(_ number: UInt32) -> Epoch {
      Epoch(number: EpochNumber(dangerouslyUnrecorded: number), identity: identity)
    }

    func message(
      _ epoch: borrowing Epoch, for client: SigningIdentity, roster: UInt64 = 3, hash: Digest = .zero
    ) throws -> KeyMessage {
      let recipient = Recipient(
        client: ClientID(of: client.publicKey), account: account, accountVersion: 1, accountHead: .zero,
        suite: sealing.suite, publicKey: sealing.publicKey, classes: ClassMask(.video))
      return try epoch.message(
        to: [recipient], time: 1, bootNonce: BootNonce(Array(repeating: 0, count: 16)), reason: .start,
        rosterVersion: roster, rosterHash: hash)
    }
  }

  private static func codes(_ results: [Playback.Result]) -> [String] {
    results.flatMap(\.events).compactMap { if case .refused(let code, _, _) = $0 { code } else { nil } }
  }

  @Test func anOlderRosterOrEpochIsRefused() throws {
    let stage = try Stage()
    let message = try stage.message(stage.epoch(7), for: stage.viewer)
    var fresh = stage.playback(minimumRoster: 3, minimumEpoch: 7)
    #expect(Self.codes(message.items.map { fresh.take($0, now: 0) }) == [])
    var later = stage.playback(minimumRoster: 4)
    #expect(Self.codes(message.items.map { later.take($0, now: 0) }) == ["vault-old-roster"])
    var newer = stage.playback(minimumEpoch: 8)
    #expect(Self.codes(message.items.map { newer.take($0, now: 0) }) == ["vault-wrong-epoch"])
    // What was opened raises the bar for what follows in the same playback.
    let before = try stage.message(stage.epoch(6), for: stage.viewer)
    #expect(Self.codes(before.items.map { fresh.take($0, now: 0) }) == ["vault-wrong-epoch"])
  }

  /// The camera may be further than what is known of its roster, but not somewhere else.
  @Test func anotherRosterThanTheKnownOneIsRefused() throws {
    let stage = try Stage()
    let roster = try stage.roster()
    func codes(_ version: UInt64, _ hash: Digest) throws -> [String] {
      var playback = stage.playback(roster: roster)
      let message = try stage.message(stage.epoch(1), for: stage.viewer, roster: version, hash: hash)
      return Self.codes(message.items.map { playback.take($0, now: 0) })
    }
    #expect(try codes(1, roster.hash) == [])
    #expect(try codes(2, .zero) == [])
    #expect(try codes(1, .zero) == ["chain-fork"])
  }

  @Test func aKeyMessageTellsEverythingOrNothing() throws {
    let stage = try Stage()
    let roster = try stage.roster()
    let epoch = stage.epoch(4)
    let recipients = [stage.viewer, SigningIdentity()].map {
      Recipient(
        client: ClientID(of: $0.publicKey), account: stage.account, accountVersion: 1, accountHead: .zero,
        suite: stage.sealing.suite, publicKey: stage.sealing.publicKey, classes: ClassMask(.video))
    }
    let message = try epoch.message(
      to: recipients, time: 1, bootNonce: BootNonce(Array(repeating: 0, count: 16)), reason: .start,
      rosterVersion: 1, rosterHash: roster.hash)
    func received(_ items: [WireItem]) throws -> ReceivedKeyMessage {
      try ReceivedKeyMessage(items.flatMap(\.bytes), device: stage.device)
    }
    let whole = try received(message.items)
    try whole.check(roster: roster, minimumEpoch: 4, minimumRoster: 1)
    #expect(throws: ClientError(.rolledBack, "")) {
      try whole.check(roster: roster, minimumEpoch: 5, minimumRoster: 1)
    }
    #expect(throws: ClientError(.rolledBack, "")) {
      try whole.check(roster: roster, minimumEpoch: 4, minimumRoster: 2)
    }
    let other = try Stage().roster()
    #expect(throws: ClientError(.rolledBack, "")) { try whole.check(roster: other, minimumEpoch: 4, minimumRoster: 1) }
    let part = try received(message.items.dropLast())
    #expect(!part.isWhole)
    let error = #expect(throws: ClientError.self) { try part.check(roster: roster, minimumEpoch: 4, minimumRoster: 1) }
    #expect(error?.code.rawValue == "relay-malformed")
    // As many entries as there should be, but one of them twice.
    #expect(throws: WireError(.unknownValue, "")) { try received(message.items.dropLast() + [message.items[1]]) }
  }

  @Test func anyTimeOfAPictureIsCompared() {
    #expect(Photo.isTaken(at: .max, since: 10_000_000))
    #expect(Photo.isTaken(at: 8_000_000, since: 10_000_000) && !Photo.isTaken(at: 7_999_999, since: 10_000_000))
    #expect(Photo.isTaken(at: 0, since: 1))
  }

  @Test func aMessageForOthersOnlyIsTheEnd() throws {
    let stage = try Stage()
    var playback = stage.playback()
    let own = try stage.message(stage.epoch(1), for: stage.viewer)
    for item in own.items { _ = playback.take(item, now: 0) }
    #expect(playback.epochWithoutUs == nil)
    let others = try stage.message(stage.epoch(2), for: SigningIdentity())
    for item in others.items { _ = playback.take(item, now: 0) }
    #expect(playback.epochWithoutUs == nil, "an entry of ours may still come")
    _ = playback.take(.control(.heartbeat, []), now: 0)
    #expect(playback.epochWithoutUs == 2)
  }

  @Test func anExcusedEpochIsAskedAboutOnce() throws {
    let stage = try Stage()
    var playback = stage.playback()
    for item in try stage.message(stage.epoch(2), for: SigningIdentity()).items { _ = playback.take(item, now: 0) }
    _ = playback.take(.control(.heartbeat, []), now: 0)
    playback.excuseEpochWithoutUs()
    _ = playback.take(.control(.heartbeat, []), now: 0)
    #expect(playback.epochWithoutUs == nil)
    for item in try stage.message(stage.epoch(3), for: SigningIdentity()).items { _ = playback.take(item, now: 0) }
    _ = playback.take(.control(.heartbeat, []), now: 0)
    #expect(playback.epochWithoutUs == 3)
  }

  @Test func anotherCamerasHeadIsRefused() throws {
    let stage = try Stage()
    let other = try Stage()
    var playback = stage.playback()
    let message = try other.message(other.epoch(1), for: stage.viewer)
    #expect(Self.codes(message.items.map { playback.take($0, now: 0) }) == ["chain-wrong-device"])
  }

  /// A relay sends the current group again to a new connection; what was seen opens once and is no alarm.
  @Test func whatComesTwiceOpensOnce() throws {
    let stage = try Stage()
    var playback = stage.playback()
    var epoch = stage.epoch(1)
    for item in try stage.message(epoch, for: stage.viewer).items { _ = playback.take(item, now: 0) }
    var sealer = try epoch.nextSegment(track: Track(.video))
    var opened: [Int] = []
    for index in 0..<3 {
      let plaintext = MediaPlaintext(
        captureTime: 1, duration: 1, kind: index == 0 ? .initialization : .chunk, payload: [1])
      let flags: ObjectHeader.Flags = index == 0 ? .initialization : .randomAccess
      let sealed = try sealer.seal(plaintext, flags: flags, padding: .none)
      for _ in 0..<2 {
        let result = playback.take(.object(sealed.header, sealed.bytes), now: 0)
        #expect(Self.codes([result]) == [])
        opened.append(result.events.count)
      }
    }
    #expect(opened == [1, 0, 1, 0, 1, 0])
    #expect(playback.finish().count == 1)
  }
}
