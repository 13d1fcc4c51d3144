import PumpkiiChain
import PumpkiiClient
import PumpkiiVault
import PumpkiiWire
import Testing

/// What may be called live, without relay and clock.
@Suite struct LivenessTests {
  private static let second: UInt64 = 1_000_000_000
  private let identity = SigningIdentity()
  private let uid: EpochUID
  private var liveness: Liveness
  private var counter: UInt64 = 0

  init() throws {
    uid = try EpochUID(Array(repeating: 6, count: 16))
    liveness = Liveness(
      device: DeviceID(of: identity.publicKey), classes: ClassMask(.video), key: identity.publicKey)
  }

  private mutating func beacon(
    _ camera: Beacon.State = .live, next: UInt32? = nil, over nonces: [Nonce] = [], boot: UInt8 = 1,
    counter fixed: UInt64? = nil
  ) throws -> WireItem {
    counter += 1
    let positions = next.map { [Beacon.Position(track: Track(.video), segment: 0, nextIndex: $0)] } ?? []
    let body = Beacon(
      device: DeviceID(of: identity.publicKey), epochUID: uid,
      bootNonce: try BootNonce(Array(repeating: boot, count: 16)), counter: fixed ?? counter, time: 1, camera: camera,
      microphone: .idle, positions: positions, highestClip: 0, challenge: MerkleTree(nonces.map(\.bytes)).root)
    return .control(.beacon, identity.sign(body, .beacon).bytes)
  }

  /// The path of the only nonce in its tree.
  private func path(_ nonce: Nonce) -> WireItem {
    .control(.noncePath, NoncePath(nonce: nonce, treeSize: 1, leafIndex: 0, hashes: []).encoded)
  }

  private mutating func begin() {
    liveness.connect(now: 0)
    _ = liveness.take(.control(.presence, [1]), now: 0)
    liveness.open(epoch: 3, uid: uid, key: identity.publicKey, now: 0)
  }

  private mutating func opened(_ index: UInt32, now: UInt64) {
    liveness.open(SegmentKID(epoch: 3, segment: 0, track: Track(.video)), index: index, now: now)
  }

  /// A beacon over a nonce of ours, made and answered at these instants.
  private mutating func prove(
    _ camera: Beacon.State = .live, next: UInt32? = nil, made: UInt64, now: UInt64, boot: UInt8 = 1
  ) throws {
    let made = liveness.nonce(now: made)
    let nonce = try #require(made)
    let item = try beacon(camera, next: next, over: [nonce], boot: boot)
    #expect(liveness.take(item, now: now) == nil)
    #expect(liveness.take(path(nonce), now: now) == nil)
  }

  private mutating func picture(_ now: UInt64) -> SensorState { liveness.state(now: now).picture }

  @Test mutating func aPictureIsLiveOnceWhatOpenedReachesAProvenBeaconsPosition() throws {
    begin()
    opened(4, now: 1)
    try prove(next: 7, made: 1, now: Self.second)
    #expect(picture(Self.second) == .notLive(.waiting))
    opened(5, now: Self.second)
    #expect(picture(Self.second) == .notLive(.waiting))
    opened(6, now: 2 * Self.second)
    #expect(picture(2 * Self.second) == .live)
  }

  @Test mutating func whatOpensTooLateIsBehind() throws {
    begin()
    try prove(next: 7, made: 1, now: Self.second)
    opened(6, now: 3 * Self.second + 1)
    #expect(picture(3 * Self.second + 1) == .notLive(.behind))
    try prove(next: 7, made: 4 * Self.second, now: 4 * Self.second)
    #expect(picture(4 * Self.second) == .live)
  }

  @Test mutating func aStreamOfBeaconsDoesNotHideThatTheMediaStay() throws {
    begin()
    opened(6, now: 1)
    try prove(next: 7, made: 1, now: 1)
    #expect(picture(1) == .live)
    for step in 1...6 as ClosedRange<UInt64> {
      let now = 1 + step * Self.second
      try prove(next: 7 + UInt32(step) * 20, made: now, now: now)
    }
    #expect(picture(1 + 6 * Self.second) == .notLive(.behind))
  }

  @Test mutating func aProofLapsesAfterFourSeconds() throws {
    begin()
    opened(6, now: 1)
    try prove(next: 7, made: 1, now: 1)
    #expect(picture(1 + Liveness.validity) == .live)
    #expect(picture(2 + Liveness.validity) == .notLive(.silent))
  }

  @Test mutating func aNonceThatIsTooOldOrSomebodyElsesProvesNothing() throws {
    begin()
    opened(6, now: 1)
    let made = liveness.nonce(now: 1)
    let nonce = try #require(made)
    let foreign = try Nonce(Array(repeating: 9, count: 16))
    _ = liveness.take(try beacon(next: 7, over: [foreign]), now: 5 * Self.second)
    _ = liveness.take(path(foreign), now: 5 * Self.second)
    #expect(picture(5 * Self.second) == .notLive(.unanswered))
    _ = liveness.take(try beacon(next: 7, over: [nonce]), now: 5 * Self.second)
    _ = liveness.take(path(nonce), now: 5 * Self.second)
    #expect(picture(5 * Self.second) == .notLive(.unanswered))
  }

  @Test mutating func aBeaconThatIsPlayedAgainOrByAnotherKeyIsRefused() throws {
    begin()
    let old = try beacon(.live)
    #expect(liveness.take(old, now: 1) == nil)
    #expect(liveness.take(old, now: 1) == nil, "a newcomer's beacon may come twice")
    #expect(liveness.take(try beacon(.offByPolicy), now: 2) == nil)
    #expect(liveness.take(old, now: 3) == "chain-rolled-back")
    #expect(liveness.take(try beacon(.live, counter: counter), now: 3) == "chain-rolled-back", "another of this number")
    #expect(picture(3) == .offByPolicy)
    var forged = Array(old.bytes.dropFirst(WireItem.controlHeaderByteCount))
    forged[forged.count - 1] ^= 1
    #expect(liveness.take(.control(.beacon, forged), now: 4) == "chain-bad-signature")
  }

  @Test mutating func anotherBootCountsWhenItIsProvenAndTheOldOneDoesNotComeBack() throws {
    begin()
    try prove(.offByPolicy, made: 1, now: 1)
    #expect(picture(1) == .offByPolicy)
    _ = liveness.take(try beacon(.noSensor, boot: 2), now: 2)
    #expect(picture(2) == .offByPolicy)
    try prove(.noSensor, made: 2 * Self.second, now: 2 * Self.second, boot: 2)
    #expect(picture(2 * Self.second) == .noSensor)
    #expect(liveness.take(try beacon(.offByPolicy, boot: 1), now: 3 * Self.second) == "chain-rolled-back")
  }

  @Test mutating func aNewcomerSeesWhatWasSaidLastButNeverThatItIsLive() throws {
    begin()
    _ = liveness.take(try beacon(.live, next: 1), now: 1)
    #expect(picture(1) == .notLive(.waiting))
    _ = liveness.take(try beacon(.offByPolicy), now: 2)
    #expect(picture(2) == .offByPolicy)
    #expect(picture(5 * Self.second) == .notLive(.silent), "and not for long")
  }

  @Test mutating func silenceIsOfflineOnlyWhereTheRelaySaysSo() throws {
    begin()
    #expect(picture(5 * Self.second) == .notLive(.silent))
    _ = liveness.take(.control(.presence, [0]), now: 6 * Self.second)
    #expect(picture(6 * Self.second) == .offline)
    _ = liveness.take(.control(.presence, [1]), now: 7 * Self.second)
    #expect(picture(7 * Self.second) == .notLive(.waiting))
    try prove(.offByPolicy, made: 8 * Self.second, now: 8 * Self.second)
    _ = liveness.take(.control(.presence, [0]), now: 9 * Self.second)
    try prove(.offByPolicy, made: 10 * Self.second, now: 10 * Self.second)
    #expect(picture(10 * Self.second) == .offByPolicy, "a proven word is worth more than the relay's")
    liveness.disconnect()
    #expect(picture(10 * Self.second) == .notLive(.disconnected))
    liveness.revoke()
    #expect(picture(10 * Self.second) == .revoked)
  }

  @Test mutating func withoutAnyWordAndPresenceACameraIsOfflineAfterAWhile() {
    liveness.connect(now: 0)
    #expect(picture(1) == .notLive(.waiting))
    #expect(picture(5 * Self.second) == .offline)
  }

  @Test mutating func whatACameraThatIsNotThereSaidOnceIsNoState() throws {
    liveness.connect(now: 0)
    _ = liveness.take(.control(.presence, [0]), now: 0)
    let old = try beacon(.offByPolicy)
    #expect(liveness.take(old, now: 0) == nil)
    let state = liveness.state(now: 1)
    #expect(state.picture == .offline && state.sound == .offline && state.isOffline)
    #expect(state.lastWord == 1)
    _ = liveness.take(.control(.presence, [1]), now: Self.second)
    try prove(.offByPolicy, made: Self.second, now: Self.second)
    #expect(liveness.state(now: Self.second).lastWord == nil)
  }

  @Test mutating func whatComesAgainAfterItWasOffIsWaitedForAnew() throws {
    begin()
    opened(6, now: 1)
    try prove(next: 7, made: 1, now: 1)
    #expect(picture(1) == .live)
    try prove(.offByPolicy, made: 2 * Self.second, now: 2 * Self.second)
    #expect(picture(2 * Self.second) == .offByPolicy)
    try prove(next: 30, made: 4 * Self.second, now: 4 * Self.second)
    #expect(picture(4 * Self.second) == .notLive(.waiting))
  }

  @Test mutating func aNonceIsMadeEverySecondAndOnlyWhileConnected() {
    #expect(liveness.nonce(now: 0) == nil)
    liveness.connect(now: 0)
    let first = liveness.nonce(now: 0)
    #expect(first != nil)
    #expect(liveness.nonce(now: Self.second - 1) == nil)
    let second = liveness.nonce(now: Self.second)
    #expect(second != nil)
    #expect(first != second)
  }

  @Test mutating func anEpochThatIsNotHeldIsNotReached() throws {
    liveness.connect(now: 0)
    opened(6, now: 1)
    try prove(next: 7, made: 1, now: 1)
    #expect(picture(1) == .notLive(.waiting))
    liveness.open(epoch: 3, uid: uid, key: identity.publicKey, now: 2)
    #expect(picture(2) == .live)
  }
}
