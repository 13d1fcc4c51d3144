internal import PumpkiiChain
internal import PumpkiiVault
package import PumpkiiWire

/// Decides what a viewer may call live: a pure machine that is told what came, with a monotonic clock (ns) handed in.
package struct Liveness: Sendable {
  /// ns for which the newest proof holds, and for which a beginning is given time.
  package static let validity: UInt64 = 4_000_000_000
  /// Epochs whose positions can be understood.
  private static let epochCount = 16

  private let classes: ClassMask
  private var book: BeaconBook
  private var nonces = NonceRecord()
  private var epochs: [EpochUID: UInt32] = [:]
  private var picture = Reach()
  private var sound = Reach()
  /// Since when the viewer is connected; nil while it is not.
  private var connected: UInt64?
  private var isOnline: Bool?
  private var isRevoked = false

  /// - Parameters:
  ///   - classes: what is watched; what is not has nothing to reach.
  ///   - key: the camera's `D`, where it is known already.
  package init(device: DeviceID, classes: ClassMask, key: SigningKey?) {
    self.classes = classes
    book = BeaconBook(device: device, key: key)
  }

  /// When the next nonce is due.
  package var nonceDue: UInt64 { nonces.due }

  /// A nonce to be posted, when it is time for one.
  package mutating func nonce(now: UInt64) -> Nonce? { connected == nil ? nil : nonces.next(now: now) }

  /// The relay answered.
  package mutating func connect(now: UInt64) {
    connected = now
    isOnline = nil
  }

  /// The connection to the relay was lost.
  package mutating func disconnect() { connected = nil }

  /// The right to watch ended.
  package mutating func revoke() { isRevoked = true }

  /// A key message opened.
  package mutating func open(epoch: UInt32, uid: EpochUID, key: SigningKey, now: UInt64) {
    epochs[uid] = epoch
    if epochs.count > Self.epochCount, let oldest = epochs.min(by: { $0.value < $1.value }) {
      epochs[oldest.key] = nil
    }
    book.learn(key, now: now)
    picture.check(epochs, now)
    sound.check(epochs, now)
  }

  /// An object opened.
  package mutating func open(_ kid: SegmentKID, index: UInt32, now: UInt64) {
    switch kid.track.mediaClass {
    case .video: picture.opened(kid, index, epochs: epochs, now: now)
    case .audio: sound.opened(kid, index, epochs: epochs, now: now)
    case .photo, .event: break
    }
  }

  /// Takes what a relay says about the camera's liveness; anything else is left alone.
  /// - Returns: the code of what was refused.
  package mutating func take(_ item: WireItem, now: UInt64) -> String? {
    switch item {
    case .control(.presence, let body):
      // A line that opens is given time to begin, like one that this viewer opened.
      if body == [1], isOnline == false, connected != nil { connected = now }
      isOnline = body == [1]
      return nil
    case .control(.beacon, let body): return book.take(body, now: now)?.code.rawValue
    case .control(.noncePath, let body):
      guard let path = try? NoncePath(decoding: body) else { return ChainError.Code.malformed.rawValue }
      if let age = nonces.age(of: path.nonce, now: now), book.take(path, age: age, now: now) { prove(now) }
      return nil
    default: return nil
    }
  }

  private mutating func prove(_ now: UInt64) {
    guard let beacon = book.current else { return }
    isOnline = true
    let known = epochs
    Self.prove(beacon, beacon.camera, classes.contains(.video) ? .video : nil, known, &picture, now)
    Self.prove(beacon, beacon.microphone, classes.contains(.audio) ? .audio : nil, known, &sound, now)
  }

  /// - Parameter media: the class whose position is to be reached; nil where it is not watched.
  private static func prove(
    _ beacon: Beacon, _ said: Beacon.State, _ media: MediaClass?, _ epochs: [EpochUID: UInt32], _ reach: inout Reach,
    _ now: UInt64
  ) {
    guard said == .live else { return reach.reset() }
    guard let media else { return reach.confirm(now: now) }
    guard let position = beacon.positions.first(where: { $0.track.mediaClass == media }) else { return }
    reach.expect(position, uid: beacon.epochUID, epochs: epochs, now: now)
  }

  /// What may be said at `now`.
  package mutating func state(now: UInt64) -> CameraState {
    picture.expire(now)
    sound.expire(now)
    let (seen, heard) = (state(book.current?.camera, picture, now), state(book.current?.microphone, sound, now))
    let isOffline = seen == .offline || heard == .offline
    return CameraState(picture: seen, sound: heard, lastWord: isOffline ? book.current?.time : nil)
  }

  private func state(_ said: Beacon.State?, _ reach: Reach, _ now: UInt64) -> SensorState {
    if isRevoked { return .revoked }
    guard let connected else { return .notLive(.disconnected) }
    if isOnline == false { return .offline }
    guard let said, isRecent(book.provenAt, now) else { return unproven(said, since: connected, now) }
    guard said == .live else { return SensorState(said) }
    if reach.isBehind { return .notLive(.behind) }
    guard reach.confirmed != nil else { return .notLive(.waiting) }
    return isRecent(reach.confirmed, now) ? .live : .notLive(.behind)
  }

  /// A newcomer sees at once what was said last; after a while nothing counts that is not proven.
  private func unproven(_ said: Beacon.State?, since connected: UInt64, _ now: UInt64) -> SensorState {
    if isRecent(connected, now) {
      guard let said, said != .live, book.provenAt == nil else { return .notLive(.waiting) }
      return SensorState(said)
    }
    guard isOnline == true else { return .offline }
    return .notLive(isRecent(book.heardAt, now) ? .unanswered : .silent)
  }

  private func isRecent(_ instant: UInt64?, _ now: UInt64) -> Bool {
    instant.map { now <= $0 + Self.validity } ?? false
  }
}

extension SensorState {
  /// A device's word without the viewer's doubts.
  init(_ said: Beacon.State) {
    self =
      switch said {
      case .live: .live
      case .offByPolicy: .offByPolicy
      case .noSensor: .noSensor
      case .noSignal: .noSignal
      case .frozen: .frozen
      case .shutter: .shutter
      case .clock: .clock
      case .idle: .idle
      case .unusable: .unusable
      case .starting: .starting
      }
  }
}
