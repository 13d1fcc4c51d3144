package import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire

/// Turns items into events: the pure half of watching and of verifying. It holds the replay state of one playback; a
/// new connection goes on with it, so that what a relay sends twice opens once.
package struct Playback: Sendable {
  /// What one item led to.
  package struct Result: Sendable {
    /// In their order.
    package var events: [WatchEvent] = []
    /// Whether a kept file should hold the item: it is new, whatever else is true of it.
    package var isWorthKeeping = false
    /// The key message that opened, for what is remembered of the camera.
    package var opened: (epoch: UInt32, roster: UInt64)?
    /// What that message said of itself; beacons name the epoch by its uid.
    package var begun: (uid: EpochUID, key: SigningKey)?
  }

  /// What a client must hold to open anything.
  package struct Keys: Sendable {
    var client: ClientID
    var sealing: [SealingKeyPair]
    var minimumRoster: UInt64?
    var minimumEpoch: UInt32
    var roster: Roster?

    /// Key messages of an older roster or epoch are refused, and those of another roster than `roster` as far as it
    /// goes.
    package init(
      client: ClientID, sealing: [SealingKeyPair], minimumRoster: UInt64? = nil, minimumEpoch: UInt32 = 0,
      roster: Roster? = nil
    ) {
      self.client = client
      self.sealing = sealing
      self.minimumRoster = minimumRoster
      self.minimumEpoch = minimumEpoch
      self.roster = roster
    }
  }

  private let device: DeviceID
  private var keys: Keys
  private var session: PlaybackSession
  /// A head whose entry has not come yet.
  private var pending: Signed<KeyHead>?
  /// The newest epoch whose message held nothing for us; nil since one did.
  package private(set) var epochWithoutUs: UInt32?
  /// The roster that the device made that epoch after.
  package private(set) var rosterWithoutUs: UInt64 = 0
  /// The newest epoch that opened.
  private var epoch: UInt32?

  /// A playback that has seen nothing yet.
  package init(device: DeviceID, mode: PlaybackSession.Mode, keys: Keys) {
    self.device = device
    self.keys = keys
    session = PlaybackSession(device: device, mode: mode)
  }

  /// Takes the next item.
  package mutating func take(_ item: WireItem, now: UInt64) -> Result {
    switch item {
    case .control(.keyHead, let body): return takeHead(body)
    case .control(.keyEntry, let body): return takeEntry(body)
    case .control(.loss, let body):
      endHead()
      return Result(events: Self.loss(body).map { [$0] } ?? [])
    case .control(.heartbeat, _):
      endHead()
      return Result(events: [.idle])
    case .control: return Result()
    case .object(let header, let bytes):
      endHead()
      return takeObject(header, bytes, now)
    }
  }

  /// Ends the playback: the segments that were left without their end.
  package mutating func finish() -> [WatchEvent] {
    let open = session.positions
    let cut = Set(session.finish().map(\.detail))
    let left = open.values.filter { kid in cut.contains { $0.hasPrefix("\(kid) ") } }
    return left.sorted().map { .cutSegment($0.rawValue) }
  }

  /// The epoch without us was looked into, and our right stands: what is denied now may be allowed by a later epoch.
  package mutating func excuseEpochWithoutUs() { epochWithoutUs = nil }

  private mutating func takeHead(_ body: [UInt8]) -> Result {
    endHead()
    do {
      let head = try KeyHeadCheck.verify(body, device: device)
      guard head.body.epoch >= keys.minimumEpoch else {
        throw VaultError(.wrongEpoch, "key message \(head.body.epoch) after \(keys.minimumEpoch)")
      }
      if let known = keys.minimumRoster, head.body.rosterVersion < known {
        throw VaultError(.oldRoster, "roster \(head.body.rosterVersion), known is \(known)")
      }
      if let known = keys.roster, head.body.rosterVersion <= known.version,
        !known.contains(version: head.body.rosterVersion, hash: head.body.rosterHash)
      {
        throw ChainError(.fork, "the camera's roster is not the one that was seen before")
      }
      pending = head
      return Result(isWorthKeeping: head.body.epoch != epoch)
    } catch {
      return Result(events: [.refused(code: ClientError(of: error).code.rawValue, segment: nil, index: nil)])
    }
  }

  /// An owner may be sent everybody's entries; only the own one is looked into.
  private mutating func takeEntry(_ bytes: [UInt8]) -> Result {
    guard let head = pending, let entry = try? KeyEntry(decoding: bytes), entry.client == keys.client else {
      return Result()
    }
    do {
      let opened = try KeyMessageOpener.open(
        head: head, entries: [bytes], device: device, client: keys.client, keys: keys.sealing,
        minimumRoster: keys.minimumRoster)
      try session.take(opened)
      pending = nil
      epochWithoutUs = nil
      keys.minimumEpoch = max(keys.minimumEpoch, opened.epoch)
      keys.minimumRoster = max(keys.minimumRoster ?? 0, opened.rosterVersion)
      let isNew = epoch != opened.epoch
      epoch = opened.epoch
      guard isNew else { return Result() }
      return Result(
        events: [.epoch(opened.epoch, classes: opened.classes.kinds)], isWorthKeeping: true,
        opened: (opened.epoch, opened.rosterVersion), begun: (opened.uid, opened.deviceKey))
    } catch {
      pending = nil
      return Result(events: [.refused(code: error.code.rawValue, segment: nil, index: nil)])
    }
  }

  /// Something else came after a head: if its entries held none for us, there is none.
  private mutating func endHead() {
    if let head = pending { (epochWithoutUs, rosterWithoutUs) = (head.body.epoch, head.body.rosterVersion) }
    pending = nil
  }

  private mutating func takeObject(_ header: ObjectHeader, _ bytes: [UInt8], _ now: UInt64) -> Result {
    do {
      let object = try session.open(bytes)
      let kid = header.kid.rawValue
      var events: [WatchEvent] = []
      if let cut = object.cut { events.append(.cutSegment(cut.rawValue)) }
      if object.missingSegments > 0 { events.append(.missingSegments(before: kid, count: object.missingSegments)) }
      if object.missing > 0 { events.append(.missing(segment: kid, index: header.index, count: object.missing)) }
      events.append(.opened(OpenedMedia(object, openedAt: now)))
      return Result(events: events, isWorthKeeping: true)
    } catch {
      // After a loss objects wait for the next random access point, and a new connection begins with what was seen:
      // both are as it should be. The first are counted as missing when it comes.
      if error.code == .replay { return Result() }
      if error.code == .gap { return Result(isWorthKeeping: true) }
      let refused = WatchEvent.refused(code: error.code.rawValue, segment: header.kid.rawValue, index: header.index)
      return Result(events: [refused], isWorthKeeping: true)
    }
  }

  private static func loss(_ body: [UInt8]) -> WatchEvent? {
    var reader = ByteReader(body)
    guard let kid = try? reader.read(UInt64.self, "KID"), let index = try? reader.read(UInt32.self, "index"),
      let count = try? reader.read(UInt32.self, "count")
    else { return nil }
    return .lossNotice(segment: kid, index: index, count: count)
  }
}
