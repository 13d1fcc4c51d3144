import PumpkiiChain
import PumpkiiVault
import PumpkiiWire
import Testing

struct SealingTests {
  private let chunk = MediaPlaintext(captureTime: 5, duration: 1, kind: .chunk, payload: [1, 2, 3])

  /// Readers add durations to capture times; no camera may make that overflow.
  @Test(arguments: [((UInt64(1) << 62) - 1, true), (1 << 62, false), (.max, false)])
  func aCaptureTimeLeavesRoom(_ time: UInt64, _ isTaken: Bool) throws {
    var writer = ByteWriter(capacity: 64)
    MediaPlaintext(captureTime: time, duration: 1, kind: .chunk, payload: [1]).write(to: &writer, padding: .none)
    let bytes = writer.bytes
    guard !isTaken else {
      #expect(try MediaPlaintext(bytes[...]).captureTime == time)
      return
    }
    #expect(throws: WireError(.overLimit, "")) { try MediaPlaintext(bytes[...]) }
  }
  private let start = MediaPlaintext(captureTime: 5, duration: 0, kind: .initialization, payload: [9])
  private let picture = MediaPlaintext(captureTime: 5, duration: 0, kind: .jpeg, payload: [0xff, 0xd8])

  @Test func objectSaysWhatItIs() throws {
    let fixture = try Fixture()
    var epoch = fixture.epoch()
    _ = try epoch.nextSegment(track: Track(.video, 1))
    var sealer = try epoch.nextSegment(track: Track(.video, 1))
    let object = try sealer.seal(start, flags: .initialization)
    let header = try ObjectHeader(object.bytes[..<ObjectHeader.byteCount])
    #expect(header == object.header)
    #expect(header.kid == SegmentKID(epoch: 7, segment: 1, track: Track(.video, 1)))
    #expect(header.index == 0)
    #expect(header.device == fixture.device)
    #expect(header.flags == .initialization)
    #expect(object.bytes.count == ObjectHeader.byteCount + Int(header.length))
    let next = try sealer.seal(chunk, flags: .randomAccess)
    #expect(next.header.index == 1)
  }

  @Test func segmentsAreNumberedFromZeroInEachTrack() throws {
    var epoch = try Fixture().epoch()
    for number in 0..<3 {
      let video = try epoch.nextSegment(track: Track(.video))
      let segment = video.kid.segment
      #expect(segment == UInt32(number))
    }
    let audio = try epoch.nextSegment(track: Track(.audio))
    let audioSegment = audio.kid.segment
    #expect(audioSegment == 0)
  }

  @Test(arguments: [Padding.none, .padme, .bucket(bytes: 512), .constant(bytes: 4096)])
  func paddingHidesTheSize(_ padding: Padding) throws {
    let fixture = try Fixture()
    var epoch = fixture.epoch()
    var session = try fixture.session()
    var sealer = try epoch.nextSegment(track: Track(.photo))
    let payload = [UInt8](repeating: 3, count: 1000)
    let object = try sealer.seal(
      MediaPlaintext(captureTime: 1, duration: 0, kind: .jpeg, payload: payload), padding: padding)
    let frame = try SFrameOpener.header(object.bytes[ObjectHeader.byteCount...])
    #expect(object.header.length == UInt32(frame.byteCount + padding.padded(1017) + 16 + 64))
    #expect(try session.open(object.bytes).plaintext.payload == payload)
  }

  @Test func lastIndexIsKeptForTheEnd() throws {
    var epoch = try Fixture().epoch(limits: SealingLimits(objectsPerSegment: 3))
    var sealer = try epoch.nextSegment(track: Track(.video))
    _ = try sealer.seal(start, flags: .initialization)
    let isFullTooEarly = sealer.isFull
    #expect(!isFullTooEarly)
    _ = try sealer.seal(chunk)
    let isFull = sealer.isFull
    #expect(isFull)
    #expect(throws: VaultError(.counterExhausted, "")) { try sealer.seal(chunk) }
    let lastIndex = sealer.nextIndex
    #expect(lastIndex == 2)
    let end = try sealer.end(captureTime: 6)
    #expect(end.header.index == 2)
    #expect(end.header.flags == .endOfSegment)
  }

  @Test func limitsCannotBeRaised() {
    let limits = SealingLimits(objectsPerSegment: .max, segmentsPerTrack: .max)
    #expect(limits.objectsPerSegment == 1 << 24)
    #expect(limits.segmentsPerTrack == 1 << 24)
  }

  @Test func segmentsOfATrackRunOut() throws {
    var epoch = try Fixture().epoch(limits: SealingLimits(segmentsPerTrack: 2))
    _ = try epoch.nextSegment(track: Track(.audio))
    _ = try epoch.nextSegment(track: Track(.audio))
    #expect(throws: VaultError(.counterExhausted, "")) { _ = try epoch.nextSegment(track: Track(.audio)) }
    _ = try epoch.nextSegment(track: Track(.audio, 1))
  }

  @Test func aCounterEndsWithItsLimit() throws {
    let keys = try SFrameKeys(baseKey: SecretBytes(randomCount: 32), kid: 1)
    var sealer = try SFrameSealer(keys: keys, first: .max - 1)
    _ = try sealer.seal([], metadata: [])
    #expect(throws: VaultError(.counterExhausted, "")) { try sealer.seal([], metadata: []) }
  }

  @Test func epochWithoutAKeyOfTheClassSealsNone() {
    var epoch = Epoch(
      number: EpochNumber(dangerouslyUnrecorded: 1), identity: SigningIdentity(), classes: [.video])
    #expect(throws: VaultError(.noKey, "")) { _ = try epoch.nextSegment(track: Track(.audio)) }
    let sealed = epoch.classes
    #expect(sealed == ClassMask(.video))
  }

  @Test func whatDoesNotBelongTogetherIsRefused() throws {
    var epoch = try Fixture().epoch()
    var video = try epoch.nextSegment(track: Track(.video))
    let refusal = VaultError(.mediaClass, "")
    #expect(throws: refusal) { try video.seal(chunk) }
    #expect(throws: refusal) { try video.seal(start) }
    #expect(throws: refusal) { try video.seal(picture) }
    _ = try video.seal(start, flags: .initialization)
    #expect(throws: refusal) { try video.seal(start, flags: .initialization) }
    #expect(throws: refusal) { try video.seal(chunk, flags: .initialization) }
    #expect(throws: refusal) { try video.seal(chunk, flags: .endOfSegment) }
    let end = MediaPlaintext(captureTime: 9, duration: 0, kind: .segmentEnd, payload: [])
    #expect(throws: refusal) { try video.seal(end, flags: .endOfSegment) }
    var photo = try epoch.nextSegment(track: Track(.photo))
    #expect(throws: refusal) { try photo.seal(chunk) }
    var event = try epoch.nextSegment(track: Track(.event))
    #expect(throws: refusal) { try event.seal(picture) }
    let unusedIndex = video.nextIndex
    #expect(unusedIndex == 1)
  }

  @Test func refusedObjectsUseUpNoIndex() throws {
    var epoch = try Fixture().epoch()
    var photo = try epoch.nextSegment(track: Track(.photo))
    let large = MediaPlaintext(
      captureTime: 1, duration: 0, kind: .jpeg, payload: Array(repeating: 0, count: WireLimits.objectBytes))
    #expect(throws: VaultError(.malformed, "")) { try photo.seal(large, padding: .none) }
    #expect(throws: VaultError(.malformed, "")) {
      try photo.seal(picture, padding: .constant(bytes: WireLimits.objectBytes))
    }
    #expect(try photo.seal(picture).header.index == 0)
  }

  @Test func captureTimeNeverGoesBackInATrackOfAnEpoch() throws {
    var epoch = try Fixture().epoch()
    var first = try epoch.nextSegment(track: Track(.photo))
    _ = try first.seal(picture)
    var second = try epoch.nextSegment(track: Track(.photo))
    let earlier = MediaPlaintext(captureTime: 4, duration: 0, kind: .jpeg, payload: [])
    #expect(throws: VaultError(.timeOrder, "")) { try second.seal(earlier) }
    _ = try second.seal(picture)
    var other = try epoch.nextSegment(track: Track(.photo, 1))
    _ = try other.seal(earlier)
  }

  @Test func anUnsignedObjectIsNone() throws {
    let fixture = try Fixture()
    var epoch = fixture.epoch()
    var session = try fixture.session()
    var sealer = try epoch.nextSegment(track: Track(.photo))
    let bytes = try sealer.dangerouslySealUnsigned(picture)
    #expect(throws: VaultError(.badSignature, "")) { try session.open(bytes) }
    let takenIndex = sealer.nextIndex
    #expect(takenIndex == 1)
  }

  @Test func freshEpochsShareNothing() throws {
    let identity = SigningIdentity()
    let first = Epoch(number: EpochNumber(dangerouslyUnrecorded: 1), identity: identity)
    let second = Epoch(number: EpochNumber(dangerouslyUnrecorded: 1), identity: identity)
    let firstUID = first.uid
    let secondUID = second.uid
    #expect(firstUID != secondUID)
    let commits = (first.commitments + second.commitments).map(\.commit)
    #expect(Set(commits).count == 8)
  }
}
