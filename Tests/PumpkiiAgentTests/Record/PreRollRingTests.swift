import PumpkiiAgent
import PumpkiiVault
import PumpkiiWire
import Testing

/// Sealed objects of one epoch for pure parts.
struct Tape: ~Copyable {
  private var epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: 3), identity: SigningIdentity())

  /// A segment of `frames` chunks with a random access point every `group`, its end included.
  mutating func segment(_ media: MediaClass = .video, frames: Int, group: Int = 5, bytes: Int = 50) throws
    -> [RecordedObject]
  {
    var sealer = try epoch.nextSegment(track: Track(media))
    var objects = [
      try sealer.seal(
        MediaPlaintext(captureTime: 1, duration: 0, kind: .initialization, payload: [1]), flags: .initialization)
    ]
    for frame in 0..<frames {
      let chunk = MediaPlaintext(
        captureTime: 1, duration: 1, kind: .chunk, payload: [UInt8](repeating: 9, count: bytes))
      objects.append(try sealer.seal(chunk, flags: frame.isMultiple(of: group) ? .randomAccess : [], padding: .none))
    }
    objects.append(try sealer.end(captureTime: 1))
    return objects.map { RecordedObject(copying: $0) }
  }
}

@Suite struct PreRollRingTests {
  private static let second: UInt64 = 1_000_000_000

  /// Feeds a ring as the recorder does, one object a tenth of a second.
  private struct Feed {
    var ring: PreRollRing
    var book = SegmentBook()
    var now: UInt64 = 0

    mutating func take(_ objects: [RecordedObject]) {
      for object in objects {
        let isBoundary = book.isBoundary(object.header)
        let inits = book.inits
        book.note(object)
        ring.take(object, isBoundary: isBoundary, inits: inits, now: now)
        now += PreRollRingTests.second / 10
      }
    }
  }

  private func feed(seconds: UInt64 = 4, bytes: Int = 8 << 20) -> Feed {
    Feed(ring: PreRollRing(limits: PreRollRing.Limits(span: seconds * Self.second, bytes: bytes)))
  }

  @Test func everyGroupBeginsAtARandomAccessPointWithItsInit() throws {
    var tape = Tape()
    var feed = feed()
    for _ in 0..<4 { feed.take(try tape.segment(frames: 37)) }
    #expect(feed.ring.groups.count > 1)
    for group in feed.ring.groups {
      let first = try #require(group.objects.first?.header)
      #expect(first.flags.contains(.randomAccess))
      #expect(group.inits.map(\.header.kid) == [first.kid])
    }
  }

  @Test func itReachesBackAsFarAsAskedAndNoGroupFurther() throws {
    var tape = Tape()
    var feed = feed()
    let objects = try tape.segment(frames: 300)
    for (place, object) in objects.dropLast().enumerated() {
      feed.take([object])
      let span = feed.ring.span(now: feed.now)
      if place > 60 { #expect(span >= 4 * Self.second && span <= 5 * Self.second, "after \(place): \(span)") }
    }
    #expect(feed.ring.lostGroups == 0)
  }

  @Test func nothingIsKeptBeforeTheFirstRandomAccessPoint() throws {
    var tape = Tape()
    var feed = feed()
    let objects = try tape.segment(frames: 20, group: 10)
    feed.book.note(objects[0])
    feed.take(Array(objects[2..<10]))
    #expect(feed.ring.isEmpty)
    #expect(feed.ring.byteCount == 0)
    feed.take([objects[11]])
    #expect(feed.ring.groups.first?.objects.first?.header.index == 11)
  }

  @Test func theBoundOfBytesHoldsAndIsCounted() throws {
    var tape = Tape()
    var feed = feed(bytes: 4000)
    for object in try tape.segment(frames: 100) {
      feed.take([object])
      #expect(feed.ring.byteCount <= 4000)
    }
    #expect(feed.ring.lostGroups > 0)
    #expect(feed.ring.groups.first?.objects.first?.header.flags.contains(.randomAccess) == true)
  }

  @Test func aGroupLargerThanTheBoundIsGoneAsAWhole() throws {
    var tape = Tape()
    var feed = feed(bytes: 2000)
    feed.take(try tape.segment(frames: 100, group: 100))
    #expect(feed.ring.isEmpty)
    #expect(feed.ring.byteCount == 0)
    feed.take(try tape.segment(frames: 2))
    #expect(!feed.ring.isEmpty)
  }

  @Test func bytesAreCountedExactly() throws {
    var tape = Tape()
    var feed = feed()
    for _ in 0..<3 { feed.take(try tape.segment(frames: 33)) }
    let sum = feed.ring.groups.flatMap { $0.inits + $0.objects }.reduce(0) { $0 + $1.byteCount }
    #expect(feed.ring.byteCount == sum)
    _ = feed.ring.drain()
    #expect(feed.ring.byteCount == 0)
  }

  @Test func aWipeLeavesNothingInMemory() throws {
    var tape = Tape()
    var feed = feed()
    feed.take(try tape.segment(frames: 30))
    weak let first = feed.ring.groups.first?.objects.first?.memory
    weak let last = feed.ring.groups.last?.objects.last?.memory
    weak let initialization = feed.ring.groups.first?.inits.first?.memory
    #expect(first != nil && last != nil && initialization != nil)
    let count = feed.ring.byteCount
    #expect(feed.ring.wipe() == count)
    feed.book.wipe()
    #expect(feed.ring.isEmpty)
    // Whoever lets SecretBytes go overwrites them.
    #expect(first == nil && last == nil && initialization == nil)
  }

  @Test func soundAloneIsRecordedFromAnyOfItsPackets() throws {
    var tape = Tape()
    var feed = feed()
    feed.take(try tape.segment(.audio, frames: 20, group: 1))
    #expect(feed.ring.groups.first?.objects.first?.header.mediaClass == .audio)
  }

  @Test func besidePictureSoundBeginsNothing() throws {
    var tape = Tape()
    var book = SegmentBook()
    let video = try tape.segment(frames: 3)
    let audio = try tape.segment(.audio, frames: 3, group: 1)
    book.note(video[0])
    book.note(audio[0])
    #expect(!book.isBoundary(audio[1].header))
    #expect(book.isBoundary(video[1].header))
    #expect(!book.isBoundary(video[2].header))
    book.note(video[4])
    #expect(book.isBoundary(audio[1].header))
    #expect(!book.isBoundary(video[1].header), "its segment ended")
  }
}
