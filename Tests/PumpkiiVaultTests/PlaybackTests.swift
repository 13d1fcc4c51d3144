import PumpkiiVault
import PumpkiiWire
import Testing

/// The stepping rules of a playback.
struct PlaybackTests {
  private let fixture: Fixture
  init() throws { fixture = try Fixture() }

  @Test func wholeSegmentsFollowEachOther() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let first = try Fixture.segment(&epoch)
    // No random access in the second: nothing was lost before, so it goes on at index 1.
    let second = try Fixture.segment(&epoch, randomAccess: [], from: 2000)
    for bytes in first + second {
      let opened = try session.open(bytes)
      #expect(opened.missing == 0)
      #expect(opened.missingSegments == 0)
      #expect(opened.cut == nil)
    }
    #expect(session.finish().isEmpty)
  }

  @Test func aNewcomerStartsAtAnInitAndThenAtRandomAccess() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let objects = try Fixture.segment(&epoch, frames: 6, randomAccess: [1, 4])
    #expect(throws: VaultError(.gap, "")) { try session.open(objects[1]) }
    _ = try session.open(objects[0])
    #expect(throws: VaultError(.gap, "")) { try session.open(objects[2]) }
    let entered = try session.open(objects[4])
    #expect(entered.missing == 0, "what came before a newcomer is not missing")
    #expect(try session.open(objects[5]).missing == 0)
  }

  @Test func aNewcomerDoesNotStartWithoutRandomAccess() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let objects = try Fixture.segment(&epoch, randomAccess: [])
    _ = try session.open(objects[0])
    #expect(throws: VaultError(.gap, "")) { try session.open(objects[1]) }
  }

  @Test func aLossIsCountedAndWaitsForRandomAccess() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let objects = try Fixture.segment(&epoch, frames: 6, randomAccess: [1, 5])
    _ = try session.open(objects[0])
    _ = try session.open(objects[1])
    #expect(throws: VaultError(.gap, "")) { try session.open(objects[3]) }
    #expect(throws: VaultError(.gap, "")) { try session.open(objects[4]) }
    #expect(try session.open(objects[5]).missing == 3)
    #expect(try session.open(objects[6]).missing == 0)
    #expect(try session.open(objects[7]).plaintext.kind == .segmentEnd)
  }

  @Test func anEndMayFollowALossAndTheNextSegmentThenNeedsRandomAccess() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let first = try Fixture.segment(&epoch)
    let second = try Fixture.segment(&epoch, randomAccess: [3], from: 2000)
    for bytes in first[0...2] { _ = try session.open(bytes) }
    #expect(try session.open(first[5]).missing == 2)
    #expect(try session.open(second[0]).cut == nil)
    #expect(throws: VaultError(.gap, "")) { try session.open(second[1]) }
    #expect(try session.open(second[3]).missing == 2)
  }

  @Test func replayIsRefused() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let first = try Fixture.segment(&epoch)
    let second = try Fixture.segment(&epoch, from: 2000)
    for bytes in first[0...3] { _ = try session.open(bytes) }
    #expect(throws: VaultError(.replay, "")) { try session.open(first[3]) }
    #expect(throws: VaultError(.replay, "")) { try session.open(first[1]) }
    #expect(throws: VaultError(.replay, "")) { try session.open(first[0]) }
    for bytes in first[4...] + second { _ = try session.open(bytes) }
    #expect(throws: VaultError(.replay, "")) { try session.open(first[0]) }
    #expect(throws: VaultError(.replay, "")) { try session.open(second[5]) }
  }

  @Test func aCutSegmentIsToldOnceItIsLeft() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let first = try Fixture.segment(&epoch)
    let second = try Fixture.segment(&epoch, randomAccess: [2], from: 2000)
    for bytes in first[0...3] { _ = try session.open(bytes) }
    let entered = try session.open(second[0])
    #expect(entered.cut == SegmentKID(epoch: 7, segment: 0, track: Track(.video)))
    #expect(throws: VaultError(.gap, "")) { try session.open(second[1]) }
    _ = try session.open(second[2])
    #expect(session.finish() == [VaultError(.cut, "")])
    #expect(session.finish().isEmpty)
  }

  @Test func skippedSegmentsAreCounted() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let first = try Fixture.segment(&epoch)
    _ = try Fixture.segment(&epoch, from: 2000)
    _ = try Fixture.segment(&epoch, from: 3000)
    let fourth = try Fixture.segment(&epoch, randomAccess: [], from: 4000)
    for bytes in first { _ = try session.open(bytes) }
    #expect(try session.open(fourth[0]).missingSegments == 2)
    #expect(throws: VaultError(.gap, "")) { try session.open(fourth[1]) }
  }

  @Test func nothingFollowsAnEnd() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    for bytes in try Fixture.segment(&epoch) { _ = try session.open(bytes) }
    let kid = SegmentKID(epoch: 7, segment: 0, track: Track(.video))
    let header = ObjectHeader(
      flags: .randomAccess, mediaClass: .video, device: fixture.device, kid: kid, index: 6, length: 0)
    let late = try fixture.forge(
      header, MediaPlaintext(captureTime: 9000, duration: 0, kind: .chunk, payload: []))
    #expect(throws: VaultError(.endMismatch, "")) { try session.open(late) }
  }

  @Test(arguments: [(count: UInt32(5), good: false), (4, true), (3, false)])
  func anEndMustCountRight(_ end: (count: UInt32, good: Bool)) throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let objects = try Fixture.segment(&epoch, frames: 4)
    // The fourth is left out, so the digests cannot be held against the end, but the count can.
    for bytes in objects[0...2] { _ = try session.open(bytes) }
    var payload = ByteWriter()
    payload.write(end.count)
    payload.write(Digest.zero)
    let kid = SegmentKID(epoch: 7, segment: 0, track: Track(.video))
    let header = ObjectHeader(
      flags: .endOfSegment, mediaClass: .video, device: fixture.device, kid: kid, index: 4, length: 0)
    let forged = try fixture.forge(
      header, MediaPlaintext(captureTime: 9000, duration: 0, kind: .segmentEnd, payload: payload.bytes))
    if end.good {
      _ = try session.open(forged)
    } else {
      #expect(throws: VaultError(.endMismatch, "")) { try session.open(forged) }
    }
  }

  @Test func anEndMustHoldTheDigestsOfAWholeSegment() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let objects = try Fixture.segment(&epoch)
    for bytes in objects.dropLast() { _ = try session.open(bytes) }
    var payload = ByteWriter()
    payload.write(UInt32(5))
    payload.write(Digest.zero)
    let kid = SegmentKID(epoch: 7, segment: 0, track: Track(.video))
    let header = ObjectHeader(
      flags: .endOfSegment, mediaClass: .video, device: fixture.device, kid: kid, index: 5, length: 0)
    let forged = try fixture.forge(
      header, MediaPlaintext(captureTime: 9000, duration: 0, kind: .segmentEnd, payload: payload.bytes))
    #expect(throws: VaultError(.endMismatch, "")) { try session.open(forged) }
    _ = try session.open(objects[5])
  }

  @Test func photosNeedNoRandomAccess() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    var cuts = 0
    for number in 0..<3 {
      var sealer = try epoch.nextSegment(track: Track(.photo))
      let part = MediaPlaintext(captureTime: 1, duration: 0, kind: .jpegPart, payload: [1])
      let last = MediaPlaintext(captureTime: 1, duration: 0, kind: .jpeg, payload: [2])
      let first = try sealer.seal(part)
      let second = try sealer.seal(last)
      let end = try sealer.end(captureTime: 1)
      if try session.open(first.bytes).cut != nil { cuts += 1 }
      _ = try session.open(second.bytes)
      if number != 1 { _ = try session.open(end.bytes) }
    }
    #expect(cuts == 1)
    #expect(session.finish().isEmpty)
  }

  @Test func tracksStandForThemselves() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let video = try Fixture.segment(&epoch)
    let audio = try Fixture.segment(&epoch, track: Track(.audio))
    for (picture, sound) in zip(video, audio) {
      _ = try session.open(picture)
      _ = try session.open(sound)
    }
    #expect(session.positions.count == 2)
    #expect(session.finish().isEmpty)
  }

  @Test func aRefusedObjectLeavesThePlaybackWhereItStood() throws {
    var epoch = fixture.epoch()
    var session = try fixture.session()
    let objects = try Fixture.segment(&epoch)
    _ = try session.open(objects[0])
    var broken = objects[1]
    broken[60] ^= 1
    #expect(throws: VaultError(.badSignature, "")) { try session.open(broken) }
    for bytes in objects[1...] { #expect(try session.open(bytes).missing == 0) }
  }
}
