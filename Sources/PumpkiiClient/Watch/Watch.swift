internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

/// A camera being watched: what opens, what is missing, and what the connection does.
///
/// It reconnects by itself after a loss and goes on where it stood; the gap comes out as
/// ``WatchEvent/missing(segment:index:count:)``. It ends with an error: `client-cut` when the account's right ended,
/// `cancelled` when its task was.
///
/// Once a second it makes a nonce, which the camera's signed beacon answers: ``WatchEvent/state(_:)`` says whether what
/// is seen is live, and if nothing is seen, why. Read on without long pauses, else nothing is asked meanwhile.
///
/// ```swift
/// for try await event in try await account.camera("porch").watch(classes: [.video]) {
///   if case .opened(let media) = event { try movie.take(media) }
/// }
/// ```
public struct Watch: AsyncSequence, Sendable {
  /// What happens.
  public typealias Element = WatchEvent

  let camera: CameraLink
  let device: DeviceID
  let classes: ClassMask
  let keeper: KeptFileWriter?
  let first: Backoff

  /// Begins to watch.
  public func makeAsyncIterator() -> Iterator { Iterator(watch: self) }

  /// One playback.
  public struct Iterator: AsyncIteratorProtocol {
    private let watch: Watch
    private var playback: Playback
    private var items: LiveDownlink.Iterator?
    private var waiting: [WatchEvent] = []
    private var backoff: Backoff
    private var pause: Duration?
    private var liveness: Liveness
    private var shown: CameraState?
    /// Why it is over, once what happened before is told.
    private var ending: ClientError?

    init(watch: Watch) {
      self.watch = watch
      backoff = watch.first
      let known = try? watch.camera.account.known(watch.device)
      let roster = try? watch.camera.account.knownRoster(watch.device)
      liveness = Liveness(device: watch.device, classes: watch.classes, key: roster?.deviceKey)
      playback = Playback(
        device: watch.device, mode: .live,
        keys: Playback.Keys(
          client: watch.camera.account.client, sealing: watch.camera.account.sealingKeys,
          minimumRoster: known?.epochRoster, minimumEpoch: known?.epoch ?? 0, roster: roster))
    }

    /// The next event, waiting for it.
    /// - Throws: ``ClientError``: `client-cut`, `cancelled`, or what reconnecting cannot help.
    public mutating func next() async throws -> WatchEvent? {
      while waiting.isEmpty {
        if let ending { throw ending }
        if Task.isCancelled { throw ClientError(.cancelled, "cancelled") }
        do {
          try await step()
        } catch {
          lose(ClientError(of: error))
        }
        noteState()
      }
      return waiting.removeFirst()
    }

    private mutating func step() async throws {
      if items == nil {
        try await connect()
        liveness.connect(now: Clocks.monotonic())
        waiting.append(.connected)
        return
      }
      await ask()
      let (now, due) = (Clocks.monotonic(), liveness.nonceDue)
      switch try await items?.next(within: .nanoseconds(Int64(clamping: due > now ? due - now : 1))) {
      case .item(let item): try await take(item)
      case .nothing: break
      case .end, nil: throw TransportError(.closed, "the relay ended the stream")
      }
    }

    /// Makes a nonce when it is time, and lets the relay have it for the camera's next beacon.
    private mutating func ask() async {
      guard let nonce = liveness.nonce(now: Clocks.monotonic()) else { return }
      let path = "/v1/cameras/\(watch.device.hex)/nonces"
      await watch.camera.account.connection.post(path, fleeting: nonce.bytes)
    }

    private mutating func take(_ item: WireItem) async throws {
      let result = playback.take(item, now: Clocks.unixMicroseconds())
      waiting = result.events
      heed(item, result)
      if result.isWorthKeeping { try watch.keeper?.keep(item) }
      if let opened = result.opened {
        backoff.reset()
        try watch.camera.account.remember(watch.device, epoch: opened.epoch, roster: opened.roster)
      }
      if let epoch = playback.epochWithoutUs { try await explain(epoch, roster: playback.rosterWithoutUs) }
    }

    /// An epoch without us is a cut, unless the roster it was made after still names our right: then the owner's policy
    /// denies everything just now, as during a pause, and the camera's beacons say so.
    private mutating func explain(_ epoch: UInt32, roster version: UInt64) async throws {
      let account = watch.camera.account
      let roster = try await account.syncRoster(watch.device)
      let rights = roster.rights(of: account.accountID, now: Clocks.unixMicroseconds())
      guard roster.version >= version, !rights.intersection(watch.classes).isEmpty else {
        items = nil
        throw Self.cut(watch.camera.name, "epoch \(epoch) is sealed to others only")
      }
      playback.excuseEpochWithoutUs()
    }

    /// Tells the judge of liveness what came.
    private mutating func heed(_ item: WireItem, _ result: Playback.Result) {
      let now = Clocks.monotonic()
      if let opened = result.opened, let begun = result.begun {
        liveness.open(epoch: opened.epoch, uid: begun.uid, key: begun.key, now: now)
      }
      for case .opened(let media) in result.events {
        guard let kid = try? SegmentKID(rawValue: media.segment) else { continue }
        liveness.open(kid, index: media.index, now: now)
      }
      guard let code = liveness.take(item, now: now) else { return }
      waiting.append(.refused(code: code, segment: nil, index: nil))
    }

    private mutating func noteState() {
      let state = liveness.state(now: Clocks.monotonic())
      guard state != shown else { return }
      shown = state
      waiting.append(.state(state))
    }

    private mutating func connect() async throws {
      if let pause { try await Task.sleep(for: pause) }
      pause = nil
      let connection = watch.camera.account.connection
      let (device, classes) = (watch.device, watch.classes)
      let downlink = try await watch.camera.account.ask { () async throws(TransportError) in
        try await connection.live(device: device, classes: classes)
      }
      items = downlink.makeAsyncIterator()
    }

    private mutating func lose(_ error: ClientError) {
      items = nil
      guard error.code != .cancelled else { return ending = error }
      liveness.disconnect()
      guard error.isTransient else {
        ending = error.isForbidden ? Self.cut(watch.camera.name, error.message) : error
        if ending?.code == .cut { liveness.revoke() }
        return
      }
      let wait = backoff.next()
      pause = wait
      waiting.append(.disconnected(reason: error, retryAfter: wait))
    }

    private static func cut(_ name: String, _ reason: String) -> ClientError {
      ClientError(
        .cut, "there is no right to watch \(name) (any more): \(reason)",
        advice: "ask the camera's owner, who accepts the terms and sets the flags")
    }
  }
}

extension CameraLink {
  /// Watches the camera.
  /// - Parameters:
  ///   - classes: what is wanted; without right to one of them, the others come.
  ///   - keep: a file to which heads, own key entries and objects are written as they come, for ``KeptFile``.
  /// - Throws: ``ClientError``: `client-home` when the file cannot be written.
  public func watch(
    classes: Set<MediaKind> = [.video, .audio], keep: String? = nil
  ) throws(ClientError) -> Watch {
    Watch(
      camera: self, device: try id(), classes: ClassMask(classes),
      keeper: try keep.map { path throws(ClientError) in try KeptFileWriter(path: path) }, first: Backoff())
  }
}
