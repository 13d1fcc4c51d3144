import Crypto
import Foundation
import PumpkiiChain
import PumpkiiVault
import PumpkiiWire
import Testing

/// Whatever is changed on the way is refused, and by its name.
struct TamperingTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  private func video(_ index: UInt32, _ flags: ObjectHeader.Flags, segment: UInt32 = 0) -> ObjectHeader {
    ObjectHeader(
      flags: flags, mediaClass: .video, device: fixture.device,
      kid: SegmentKID(epoch: 7, segment: segment, track: Track(.video)), index: index, length: 0)
  }

  private let start = MediaPlaintext(captureTime: 1, duration: 0, kind: .initialization, payload: [])

  @Test func everyBitOfAnObjectCounts() throws {
    var epoch = fixture.epoch()
    var sealer = try epoch.nextSegment(track: Track(.photo))
    let picture = MediaPlaintext(captureTime: 1, duration: 0, kind: .jpeg, payload: [1])
    let bytes = try sealer.seal(picture, padding: .none).bytes
    var session = try fixture.session()
    var codes: Set<VaultError.Code> = []
    for bit in 0..<bytes.count * 8 {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        _ = try session.open(changed)
        Issue.record("bit \(bit) changed and the object opened")
      } catch { codes.insert(error.code) }
    }
    #expect(codes == [.malformed, .mediaClass, .wrongDevice, .unknownEpoch, .badSignature])
    _ = try session.open(bytes)
  }

  @Test func everyBitOfAKeyHeadCounts() throws {
    let viewer = try Viewer(seed: 5, classes: ClassMask(.video))
    let message = try fixture.message(to: [viewer])
    let bytes = message.head.bytes
    var codes: Set<VaultError.Code> = []
    for bit in 0..<bytes.count * 8 {
      var changed = bytes
      changed[bit / 8] ^= 1 << UInt8(bit % 8)
      do {
        let head: Signed<KeyHead>
        do throws(WireError) { head = try Signed(decoding: changed) } catch { throw VaultError(error) }
        _ = try KeyMessageOpener.open(
          head: head, entries: message.entries, device: fixture.device, client: viewer.client, keys: [viewer.pair])
        Issue.record("bit \(bit) changed and the head opened")
      } catch let error as VaultError { codes.insert(error.code) }
    }
    #expect(codes == [.malformed, .wrongDevice, .badSignature])
  }

  @Test(arguments: SealingSuite.allCases)
  func everyByteOfAnEntryCounts(_ suite: SealingSuite) throws {
    let viewer = try Viewer(seed: 5, suite: suite)
    let message = try fixture.message(to: [viewer])
    let entry = try #require(message.entries.first)
    // The head's signature is the same each time, so each byte is tried once with one bit; its hash covers the rest.
    for place in entry.indices {
      var changed = entry
      changed[place] ^= 1 << UInt8(place % 8)
      #expect(throws: VaultError(.badEntry, "")) {
        try KeyMessageOpener.open(
          head: message.head, entries: [changed], device: fixture.device, client: viewer.client, keys: [viewer.pair])
      }
    }
  }

  /// The entry as a device with its key would seal it wrongly: here the head names the changed entry.
  private func reopened(_ viewer: Viewer, _ change: (inout KeyEntry, inout KeyHead) -> Void) throws -> OpenedEpoch {
    let message = try fixture.message(to: [viewer])
    var head = message.head.body
    var entry = try KeyEntry(decoding: try #require(message.entries.first))
    change(&entry, &head)
    if head.entryDigests == message.head.body.entryDigests { head.entryDigests = [Hashes.sha256(entry.encoded)] }
    return try KeyMessageOpener.open(
      head: fixture.identity.sign(head, .keyHead), entries: [entry.encoded], device: fixture.device,
      client: viewer.client, keys: [viewer.pair])
  }

  @Test(arguments: SealingSuite.allCases)
  func whatIsSealedIsBoundToEverything(_ suite: SealingSuite) throws {
    let viewer = try Viewer(seed: 5, suite: suite)
    let tag = VaultError(.badTag, "")
    _ = try reopened(viewer) { _, _ in }
    #expect(throws: tag) { try reopened(viewer) { entry, _ in entry.sealed[0][0] ^= 1 } }
    #expect(throws: tag) { try reopened(viewer) { entry, _ in entry.sealed.swapAt(0, 1) } }
    #expect(throws: tag) { try reopened(viewer) { _, head in head.epoch += 1 } }
    #expect(throws: tag) { try reopened(viewer) { _, head in head.rosterVersion += 1 } }
    #expect(throws: tag) { try reopened(viewer) { _, head in head.rosterHash = Hashes.sha256([1]) } }
    #expect(throws: tag) { try reopened(viewer) { _, head in head.epochUID = SomeUID.other } }
    #expect(throws: tag) { try reopened(viewer) { _, head in head.commitments[1].commit = .zero } }
    #expect(throws: tag) { try reopened(viewer) { entry, _ in entry.encapsulated[suite == .xWing ? 7 : 0] ^= 1 } }
    #expect(throws: VaultError(.badCommitment, "")) {
      try reopened(viewer) { _, head in head.commitments.removeLast() }
    }
  }

  @Test func anEncOfSmallOrderIsRefused() throws {
    let viewer = try Viewer(seed: 5)
    #expect(throws: VaultError(.badKey, "")) {
      try reopened(viewer) { entry, _ in entry.encapsulated = Array(repeating: 0, count: 32) }
    }
  }

  /// A device that commits to one key and gives this recipient another: it seals with the commitment that everybody
  /// sees, so only the comparison after opening can find it.
  @Test func aKeyThatIsNotTheCommittedOneIsRefused() throws {
    let viewer = try Viewer(seed: 5, classes: ClassMask(.video))
    var head = try fixture.message(to: [viewer]).head.body
    let commit = try #require(head.commitment(.video))
    var info = ByteWriter()
    info.write(Array("pumpkii/1 epoch-key".utf8) + [0, viewer.pair.suite.rawValue])
    info.write(fixture.identity.publicKey)
    info.write(viewer.client)
    info.write(viewer.pair.keyID)
    info.write(head.epoch)
    info.write(head.epochUID)
    info.write(head.rosterVersion)
    info.write(head.rosterHash)
    var sender = try HPKE.Sender(
      recipientKey: Curve25519.KeyAgreement.PublicKey(rawRepresentation: viewer.pair.publicKey),
      ciphersuite: HPKE.Ciphersuite(kem: .Curve25519_HKDF_SHA256, kdf: .HKDF_SHA256, aead: .AES_GCM_256),
      info: Data(info.bytes))
    func entry(_ key: [UInt8]) throws -> [UInt8] {
      KeyEntry(
        suite: .x25519, client: viewer.client, keyID: viewer.pair.keyID, account: Viewer.account, accountVersion: 1,
        accountHead: .zero, notAfter: 0, encapsulated: Array(sender.encapsulatedKey), classes: ClassMask(.video),
        sealed: [Array(try sender.seal(key, authenticating: [MediaClass.video.rawValue] + commit.bytes))]
      ).encoded
    }
    let lie = try entry(Array(repeating: 0x77, count: 32))
    head.entryDigests = [Hashes.sha256(lie)]
    let signed = fixture.identity.sign(head, .keyHead)
    #expect(throws: VaultError(.badCommitment, "")) {
      try KeyMessageOpener.open(
        head: signed, entries: [lie], device: fixture.device, client: viewer.client, keys: [viewer.pair])
    }
  }

  @Test func aSwappedClassIsRefused() throws {
    var epoch = fixture.epoch()
    var bytes = try Fixture.segment(&epoch)[0]
    var session = try fixture.session()
    bytes[3] = MediaClass.audio.rawValue
    #expect(throws: VaultError(.mediaClass, "")) { try session.open(bytes) }
    // With the track changed as well the signature does not fit any more.
    bytes[27] = Track(.audio).rawValue
    #expect(throws: VaultError(.badSignature, "")) { try session.open(bytes) }
  }

  /// A recipient holds the key, so it can seal another picture under the same header; the relay would carry it.
  @Test func anotherRecipientCannotSwapAPicture() throws {
    var epoch = fixture.epoch()
    var sealer = try epoch.nextSegment(track: Track(.photo))
    let picture = MediaPlaintext(captureTime: 1, duration: 0, kind: .jpeg, payload: [1, 2, 3])
    let genuine = try sealer.seal(picture, padding: .none)
    let keys = try fixture.opened().segmentKeys(genuine.header.kid)
    var writer = ByteWriter()
    MediaPlaintext(captureTime: 1, duration: 0, kind: .jpeg, payload: [9, 9, 9]).write(to: &writer, padding: .none)
    var forger = try SFrameSealer(keys: keys)
    let sframe = try forger.seal(
      writer.bytes, metadata: KeySchedule.metadata(clear: genuine.header.bytes, uid: fixture.uid))
    let forged = genuine.header.bytes + sframe + genuine.bytes.suffix(Signature.byteCount)
    #expect(forged.count == genuine.bytes.count)
    var session = try fixture.session()
    #expect(throws: VaultError(.badSignature, "")) { try session.open(forged) }
    _ = try session.open(genuine.bytes)
  }

  @Test func sframeMustAgreeWithTheHeader() throws {
    var session = try fixture.session()
    let other = SegmentKID(epoch: 7, segment: 1, track: Track(.video)).rawValue
    let kid = try fixture.forge(video(0, .initialization), frameKID: other, start)
    #expect(throws: VaultError(.kidMismatch, "")) { try session.open(kid) }
    let counter = try fixture.forge(video(0, .initialization), counter: 1, start)
    #expect(throws: VaultError(.indexMismatch, "")) { try session.open(counter) }
    let key = try fixture.forge(video(0, .initialization), keyKID: other, start)
    #expect(throws: VaultError(.badTag, "")) { try session.open(key) }
    _ = try session.open(fixture.forge(video(0, .initialization), start))
  }

  @Test func flagsAndKindMustAgree() throws {
    var session = try fixture.session()
    let refusal = VaultError(.mediaClass, "")
    let chunk = MediaPlaintext(captureTime: 1, duration: 0, kind: .chunk, payload: [])
    let picture = MediaPlaintext(captureTime: 1, duration: 0, kind: .jpeg, payload: [])
    for (header, plaintext) in [
      (video(0, []), start), (video(1, .initialization), start), (video(0, .randomAccess), chunk),
      (video(1, .endOfSegment), chunk), (video(1, []), picture), (video(1, [.randomAccess, .initialization]), chunk),
    ] {
      let bytes = try fixture.forge(header, plaintext)
      #expect(throws: refusal) { try session.open(bytes) }
    }
  }

  @Test func captureTimeThatGoesBackIsRefused() throws {
    var session = try fixture.session()
    let late = MediaPlaintext(captureTime: 9, duration: 0, kind: .initialization, payload: [])
    let early = MediaPlaintext(captureTime: 8, duration: 0, kind: .chunk, payload: [])
    _ = try session.open(fixture.forge(video(0, .initialization), late))
    let back = try fixture.forge(video(1, .randomAccess), early)
    #expect(throws: VaultError(.timeOrder, "")) { try session.open(back) }
    let next = try fixture.forge(video(0, .initialization, segment: 1), start)
    #expect(throws: VaultError(.timeOrder, "")) { try session.open(next) }
  }

  @Test func nonZeroPaddingIsRefused() throws {
    var session = try fixture.session()
    var writer = ByteWriter()
    start.write(to: &writer, padding: .none)
    writer.write(UInt8(1))
    let header = video(0, .initialization)
    let base = try #require(fixture.keys[.video])
    var sealer = try SFrameSealer(keys: SFrameKeys(baseKey: base, kid: header.kid.rawValue))
    let metadata = KeySchedule.metadata(clear: header.bytes, uid: fixture.uid)
    let sframe = try sealer.seal(writer.bytes, metadata: metadata)
    var whole = header
    whole.length = UInt32(sframe.count + Signature.byteCount)
    let body = whole.bytes + sframe
    let bytes = body + fixture.identity.sign(.object, Hashes.sha256(body).bytes).bytes
    #expect(throws: VaultError(.malformed, "")) { try session.open(bytes) }
  }

  @Test func lengthsAreHeldBeforeAnythingIsAllocated() throws {
    var session = try fixture.session()
    var header = video(0, .initialization)
    header.length = UInt32(WireLimits.objectBytes)
    let huge = header.bytes
    #expect(throws: VaultError(.malformed, "")) { try session.open(huge) }
    #expect(throws: VaultError(.malformed, "")) { try session.open([]) }
    header.length = 200
    let short = header.bytes + [UInt8](repeating: 0, count: 199)
    #expect(throws: VaultError(.malformed, "")) { try session.open(short) }
  }
}

enum SomeUID {
  static let other: EpochUID = {
    guard let uid = try? EpochUID(Array(repeating: 0xee, count: 16)) else { preconditionFailure("16 bytes") }
    return uid
  }()
}
