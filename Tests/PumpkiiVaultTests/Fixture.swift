import PumpkiiChain
import PumpkiiVault
import PumpkiiWire
import Testing

/// A device with fixed keys, one epoch, and somebody who may open it.
struct Fixture {
  let identity: SigningIdentity
  let uid: EpochUID
  let keys: [MediaClass: SecretBytes]
  let number: UInt32
  var device: DeviceID { DeviceID(of: identity.publicKey) }

  init(number: UInt32 = 7, seed: UInt8 = 1) throws {
    identity = try SigningIdentity(seed: Array(repeating: seed, count: 32))
    uid = try EpochUID(Array(repeating: seed &+ UInt8(truncatingIfNeeded: number), count: 16))
    self.number = number
    keys = Dictionary(
      uniqueKeysWithValues: MediaClass.allCases.map { ($0, SecretBytes(Array(repeating: $0.rawValue, count: 32))) })
  }

  func epoch(limits: SealingLimits = SealingLimits()) -> Epoch {
    Epoch(
      number: EpochNumber(dangerouslyUnrecorded: number), identity: identity, dangerouslyFixed: keys, uid: uid,
      limits: limits)
  }

  /// What a recipient of all classes holds after it opened the epoch's key message.
  func opened(rosterVersion: UInt64 = 1) throws -> OpenedEpoch {
    let viewer = try Viewer(seed: 5)
    let message = try message(to: [viewer], rosterVersion: rosterVersion)
    return try KeyMessageOpener.open(
      head: message.head, entries: message.entries, device: device, client: viewer.client, keys: [viewer.pair])
  }

  func message(to viewers: [Viewer], rosterVersion: UInt64 = 1) throws -> KeyMessage {
    let epoch = epoch()
    return try epoch.message(
      to: viewers.map(\.recipient), time: 1, bootNonce: BootNonce(Array(repeating: 9, count: 16)), reason: .start,
      rosterVersion: rosterVersion, rosterHash: .zero)
  }

  func session(_ mode: PlaybackSession.Mode = .live) throws -> PlaybackSession {
    var session = PlaybackSession(device: device, mode: mode)
    try session.take(opened())
    return session
  }

  /// An object that the device signed although its parts contradict each other.
  func forge(
    _ header: ObjectHeader, frameKID: UInt64? = nil, counter: UInt64? = nil, keyKID: UInt64? = nil,
    _ plaintext: MediaPlaintext
  ) throws -> [UInt8] {
    var header = header
    let base = try #require(keys[header.kid.track.mediaClass])
    let kid = frameKID ?? header.kid.rawValue
    let derived = try SFrameKeys(baseKey: base, kid: keyKID ?? kid)
    let sframeKeys = SFrameKeys(kid: kid, key: derived.key, salt: derived.salt)
    var sealer = try SFrameSealer(keys: sframeKeys, first: counter ?? UInt64(header.index))
    var writer = ByteWriter()
    plaintext.write(to: &writer, padding: .none)
    let sframe = try sealer.seal(writer.bytes, metadata: KeySchedule.metadata(clear: header.bytes, uid: uid))
    header.length = UInt32(sframe.count + Signature.byteCount)
    let body = header.bytes + sframe
    return body + identity.sign(.object, Hashes.sha256(body).bytes).bytes
  }

  /// Init, then `frames` chunks of which those in `randomAccess` are so flagged, then the end.
  static func segment(
    _ epoch: inout Epoch, frames: Int = 4, randomAccess: Set<UInt32> = [1], track: Track = Track(.video),
    from time: UInt64 = 1000
  ) throws -> [[UInt8]] {
    var sealer = try epoch.nextSegment(track: track)
    var objects = [
      try sealer.seal(
        MediaPlaintext(captureTime: time, duration: 0, kind: .initialization, payload: [1, 2, 3]),
        flags: .initialization
      ).bytes
    ]
    for frame in 0..<frames {
      let index = UInt32(frame + 1)
      let chunk = MediaPlaintext(
        captureTime: time + UInt64(frame), duration: 40_000, kind: .chunk, payload: Array(repeating: 7, count: frame))
      objects.append(try sealer.seal(chunk, flags: randomAccess.contains(index) ? .randomAccess : []).bytes)
    }
    objects.append(try sealer.end(captureTime: time + UInt64(frames)).bytes)
    return objects
  }
}

/// A client with one sealing key.
struct Viewer {
  let identity: SigningIdentity
  let pair: SealingKeyPair
  var classes: ClassMask
  var client: ClientID { ClientID(of: identity.publicKey) }

  init(seed: UInt8, suite: SealingSuite = .x25519, classes: ClassMask = .all) throws {
    identity = try SigningIdentity(seed: Array(repeating: seed, count: 32))
    pair = try SealingKeyPair(suite: suite, secret: SecretBytes(Array(repeating: seed, count: 32)))
    self.classes = classes
  }

  var recipient: Recipient {
    Recipient(
      client: client, account: Self.account, accountVersion: 1, accountHead: .zero, suite: pair.suite,
      publicKey: pair.publicKey, classes: classes)
  }

  static let account = Hashes.account
}

extension Hashes {
  /// Any account: the vault passes its id on and decides nothing by it.
  static let account: AccountID = {
    guard let id = try? AccountID(Array(repeating: 4, count: 32)) else { preconditionFailure("32 bytes") }
    return id
  }()
}
