import NIOCore
import PumpkiiRelay
import PumpkiiWire
import Testing

private let video = Track(.video)
private let audio = Track(.audio)

/// What the room's tests feed it.
private struct Feed {
  let device: DeviceID
  let clients: [ClientID]

  init() throws {
    device = try DeviceID(Array(repeating: 7, count: 16))
    clients = try (0..<4).map { try ClientID(Array(repeating: UInt8($0), count: 16)) }
  }

  func object(
    _ track: Track, _ index: UInt32, _ flags: ObjectHeader.Flags = [], epoch: UInt32 = 1, segment: UInt32 = 0,
    count: Int = 1000
  ) -> LiveObject {
    let header = ObjectHeader(
      flags: flags, mediaClass: track.mediaClass, device: device,
      kid: SegmentKID(epoch: epoch, segment: segment, track: track), index: index, length: UInt32(count - 36))
    return LiveObject(header: header, bytes: ByteBuffer(repeating: UInt8(truncatingIfNeeded: index), count: count))
  }

  func keys(_ epoch: UInt32, _ readers: [Int]) -> LiveKeys {
    LiveKeys(
      epoch: epoch, head: ByteBuffer(string: "head\(epoch)"),
      entries: readers.map { .init(client: clients[$0], item: ByteBuffer(string: "entry\(epoch).\($0)")) })
  }

  func newcomer(
    _ id: UInt64, _ client: Int, _ classes: ClassMask = .all, isOwner: Bool = false, wanted: ClassMask = .all
  ) -> LiveRoom.Newcomer {
    LiveRoom.Newcomer(
      id: id, client: clients[client], rights: .init(classes: classes, isOwner: isOwner), wanted: wanted)
  }
}

extension LiveRoom {
  /// All that waits for a viewer: control items as text, objects as track.segment.index.
  fileprivate mutating func drained(_ id: ViewerID) -> [String] {
    var texts: [String] = []
    while let batch = take(id, limit: 1) {
      if let object = batch.objects.first {
        texts.append("\(object.track.mediaClass.name)\(object.header.kid.segment).\(object.header.index)")
        if batch.buffers.count > 1 { texts.insert("loss", at: texts.count - 1) }
      } else {
        texts.append(batch.buffers.map { String(buffer: $0).first == "\u{1}" ? "item" : String(buffer: $0) }.joined())
      }
    }
    return texts
  }

  fileprivate mutating func feed(_ objects: LiveObject..., now: UInt64 = 1) {
    for object in objects { _ = handle(.object(object, now: now)) }
  }
}

@Suite struct LiveRoomTests {
  private let feed: Feed
  private var room: LiveRoom

  init() throws {
    feed = try Feed()
    room = LiveRoom(limits: .init(queueBytes: 8000, hardBytes: 60_000, cacheBytes: 20_000, viewers: 3), keys: nil)
    _ = room.handle(.keys(feed.keys(1, [0, 1, 2])))
  }

  @Test mutating func anOwnerBeginsWithHeadAndAllEntriesAGuestWithItsOwn() {
    _ = room.handle(.joined(feed.newcomer(1, 0, isOwner: true), now: 1))
    _ = room.handle(.joined(feed.newcomer(2, 1), now: 1))
    #expect(room.drained(1) == ["head1", "entry1.0", "entry1.1", "entry1.2"])
    #expect(room.drained(2) == ["head1", "entry1.1"])
  }

  @Test mutating func objectsArriveInOrderAndWakeTheirViewers() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.drained(1)
    #expect(room.handle(.object(feed.object(video, 0, .initialization), now: 1)) == [.wake(1)])
    room.feed(feed.object(video, 1, .randomAccess), feed.object(audio, 0, .initialization), feed.object(video, 2))
    #expect(room.drained(1) == ["video0.0", "video0.1", "audio0.0", "video0.2"])
    #expect(room.take(1, limit: 100) == nil)
  }

  @Test mutating func aBatchTakesWhatFitsAndAtLeastOne() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.drained(1)
    room.feed(feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess), feed.object(video, 2))
    #expect(room.take(1, limit: 2000)?.objects.count == 2)
    #expect(room.take(1, limit: 1)?.objects.count == 1)
  }

  @Test mutating func aLateViewerBeginsWithInitsAndTheCurrentGroupsInTheirOrder() {
    room.feed(
      feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess), feed.object(video, 2),
      feed.object(audio, 0, .initialization), feed.object(video, 3, .randomAccess),
      feed.object(audio, 1, .randomAccess),
      feed.object(video, 4))
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    #expect(Array(room.drained(1).dropFirst(2)) == ["video0.0", "audio0.0", "video0.3", "audio0.1", "video0.4"])
    room.feed(feed.object(video, 5))
    #expect(room.drained(1) == ["video0.5"])
  }

  @Test mutating func aLateViewerOfABrokenGroupWaitsForTheNextOneWithoutLoss() {
    room.feed(feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess, count: 30_000))
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    #expect(room.drained(1) == ["head1", "entry1.0", "video0.0"])
    room.feed(feed.object(video, 2), feed.object(video, 3, .randomAccess))
    #expect(room.drained(1) == ["video0.3"])
  }

  @Test mutating func nobodyBeginsWithAnOldPictureButWithAnOldPhoto() {
    let photo = Track(.photo)
    room.feed(
      feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess),
      feed.object(photo, 0, .randomAccess))
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1 + GroupCache.staleAfter + 1))
    #expect(room.drained(1) == ["head1", "entry1.0", "video0.0", "photo0.0"])
  }

  @Test mutating func aNewEpochForgetsTheGroupAndGoesToEverybody() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    room.feed(feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess))
    _ = room.drained(1)
    #expect(room.handle(.keys(feed.keys(2, [0, 1]))) == [.wake(1)])
    room.feed(feed.object(video, 2, .endOfSegment))
    #expect(room.drained(1) == ["head2", "entry2.0", "video0.2"])
    _ = room.handle(.joined(feed.newcomer(2, 1), now: 1))
    #expect(room.drained(2) == ["head2", "entry2.1"])
  }

  @Test mutating func anOldKeyMessageChangesNothing() {
    _ = room.handle(.keys(feed.keys(5, [0])))
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.drained(1)
    #expect(room.handle(.keys(feed.keys(4, [0]))).isEmpty)
    #expect(room.handle(.keys(feed.keys(5, [0]))).isEmpty)
    #expect(room.drained(1).isEmpty)
  }

  @Test mutating func whoLosesItsEntryIsCutAndWhoNeverHadOneIsNot() {
    _ = room.handle(.joined(feed.newcomer(1, 1), now: 1))
    _ = room.handle(.joined(feed.newcomer(2, 3), now: 1))
    let actions = room.handle(.keys(feed.keys(2, [0])))
    #expect(actions == [.cut(1, .noRights), .wake(2)])
    #expect(room.take(1, limit: 1) == nil)
    #expect(room.viewerCount == 1)
  }

  @Test mutating func objectsOfAnUnknownEpochAreLostHereAndCounted() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.drained(1)
    let object = feed.object(video, 0, .initialization, epoch: 9)
    #expect(room.handle(.object(object, now: 1)) == [.dropped(1, object), .wake(1)])
    #expect(room.take(1, limit: 1)?.objects.isEmpty == true)
  }

  @Test mutating func rightsBoundWhatIsSentAndClassesAskedForNarrowIt() {
    _ = room.handle(
      .joined(feed.newcomer(1, 0, [ClassMask(.video), ClassMask(.audio)], wanted: ClassMask(.audio)), now: 1))
    _ = room.drained(1)
    room.feed(feed.object(video, 0, .initialization), feed.object(audio, 0, .initialization))
    #expect(room.drained(1) == ["audio0.0"])
  }

  @Test mutating func withoutRightsNobodyEnters() {
    #expect(
      room.handle(.joined(feed.newcomer(1, 0, ClassMask(.audio), wanted: ClassMask(.video)), now: 1)) == [
        .cut(1, .noRights)
      ])
    #expect(room.viewerCount == 0)
  }

  @Test mutating func lostRightsCutAtOnceAndTakeBackWhatWaits() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.handle(.joined(feed.newcomer(2, 1), now: 1))
    room.feed(feed.object(video, 0, .initialization), feed.object(audio, 0, .initialization))
    let none = LiveRoom.Rights(classes: [], isOwner: false)
    let less = LiveRoom.Rights(classes: ClassMask(.audio), isOwner: false)
    let actions = room.handle(.rights([1: none, 2: less], now: 1))
    #expect(actions == [.cut(1, .noRights), .wake(2), .wanted(ClassMask(.audio))])
    #expect(room.drained(1).isEmpty)
    #expect(room.drained(2) == ["head1", "entry1.1", "audio0.0"])
  }

  @Test mutating func aClassThatIsGainedBeginsAtItsInit() {
    _ = room.handle(.joined(feed.newcomer(1, 0, ClassMask(.video)), now: 1))
    _ = room.drained(1)
    room.feed(feed.object(audio, 0, .initialization), feed.object(audio, 1, .randomAccess))
    _ = room.handle(.rights([1: .init(classes: [ClassMask(.video), ClassMask(.audio)], isOwner: false)], now: 1))
    #expect(room.drained(1) == ["audio0.0", "audio0.1"])
  }

  @Test mutating func interestIsToldWhenItChangesOnly() {
    let both: ClassMask = [ClassMask(.video), ClassMask(.audio)]
    #expect(room.handle(.joined(feed.newcomer(1, 0, ClassMask(.video)), now: 1)).last == .wanted(ClassMask(.video)))
    #expect(room.handle(.joined(feed.newcomer(2, 1, both), now: 1)).last == .wanted(both))
    #expect(room.handle(.joined(feed.newcomer(3, 2, ClassMask(.audio)), now: 1)) == [.wake(3)])
    #expect(room.handle(.left(2)).isEmpty)
    #expect(room.handle(.left(3)) == [.wanted(ClassMask(.video))])
    #expect(room.handle(.left(1)) == [.wanted([])])
  }

  @Test mutating func aFullRoomTakesNobody() {
    for id in 1...3 as ClosedRange<UInt64> { _ = room.handle(.joined(feed.newcomer(id, 0), now: 1)) }
    #expect(room.handle(.joined(feed.newcomer(4, 1), now: 1)) == [.cut(4, .full)])
  }

  @Test mutating func aViewerThatNeverReadsIsBoundedAndCutAtTheHardBound() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.handle(.joined(feed.newcomer(2, 1), now: 1))
    var cut = false
    for segment in 0..<100 as Range<UInt32> where !cut {
      for index in 0..<10 as Range<UInt32> {
        let flags: ObjectHeader.Flags = index == 0 ? .initialization : index == 1 ? .randomAccess : []
        let actions = room.handle(.object(feed.object(video, index, flags, segment: segment), now: 1))
        cut = cut || actions.contains(.cut(1, .tooSlow))
        _ = room.drained(2)
      }
    }
    #expect(cut)
    #expect(room.viewerCount == 1)
  }

  @Test mutating func heartbeatsGoToThoseForWhomNothingWaits() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.handle(.joined(feed.newcomer(2, 1), now: 1))
    _ = room.drained(2)
    #expect(room.handle(.heartbeat) == [.wake(2)])
    #expect(room.drained(2) == ["item"])
    #expect(room.drained(1) == ["head1", "entry1.0"])
  }

  @Test mutating func whoLetsEverythingLieIsGoneAfterAWhile() {
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.handle(.joined(feed.newcomer(2, 1), now: 1))
    for _ in 0..<LiveRoom.patience {
      #expect(!room.handle(.heartbeat).contains(.cut(1, .tooSlow)))
      _ = room.drained(2)
    }
    #expect(room.handle(.heartbeat).contains(.cut(1, .tooSlow)))
    #expect(room.viewerCount == 1)
  }

  @Test mutating func aPublisherThatLeavesLeavesNoPicture() {
    room.feed(feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess))
    _ = room.handle(.publisherLeft)
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    #expect(room.drained(1) == ["head1", "entry1.0"])
  }
}

@Suite struct ViewerQueueTests {
  private let feed: Feed
  private var queue = ViewerQueue(bound: 8000, hardBound: 40_000)

  init() throws { feed = try Feed() }

  private mutating func put(_ objects: LiveObject...) -> [UInt32] {
    objects.flatMap { queue.put($0) }.map(\.header.index)
  }

  private mutating func indices() -> [UInt32] { queue.take(limit: .max)?.objects.map(\.header.index) ?? [] }

  @Test mutating func theOldestWholeGroupsGoFirst() {
    #expect(put(feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess, count: 3000)).isEmpty)
    #expect(put(feed.object(video, 2, count: 1000), feed.object(video, 3, .randomAccess, count: 2000)).isEmpty)
    #expect(put(feed.object(video, 4, count: 2000)) == [1, 2])
    #expect(indices() == [0, 3, 4])
  }

  @Test mutating func aGroupThatDoesNotFitIsLostUpToTheNextOne() {
    #expect(put(feed.object(video, 1, .randomAccess, count: 4000), feed.object(video, 2, count: 2500)).isEmpty)
    #expect(put(feed.object(video, 3, count: 2000), feed.object(video, 4, count: 100)) == [3, 4])
    #expect(indices() == [1, 2])
    #expect(put(feed.object(video, 5, count: 100)) == [5])
    #expect(put(feed.object(video, 6, .randomAccess, count: 100), feed.object(video, 7, count: 100)).isEmpty)
    #expect(indices() == [6, 7])
  }

  @Test mutating func aRandomAccessObjectPushesOutTheOpenGroupItself() {
    #expect(put(feed.object(video, 1, .randomAccess, count: 4000), feed.object(video, 2, count: 2500)).isEmpty)
    #expect(put(feed.object(video, 3, .randomAccess, count: 4000)) == [1, 2])
    #expect(indices() == [3])
  }

  @Test mutating func oneTrackDoesNotDropAnother() {
    #expect(
      put(feed.object(audio, 1, .randomAccess, count: 500), feed.object(video, 1, .randomAccess, count: 6000)).isEmpty)
    #expect(put(feed.object(video, 2, count: 3000)) == [2])
    #expect(put(feed.object(audio, 2, .randomAccess, count: 900)).isEmpty)
    #expect(queue.take(limit: .max)?.objects.map(\.track) == [audio, video, audio])
  }

  @Test mutating func initsAndEndsAreKeptThroughEveryLoss() {
    #expect(put(feed.object(video, 1, .randomAccess, count: 6000), feed.object(video, 2, count: 5000)) == [2])
    #expect(put(feed.object(video, 3, .endOfSegment, count: 5000)).isEmpty)
    #expect(put(feed.object(video, 0, .initialization, segment: 1, count: 5000)).isEmpty)
    #expect(put(feed.object(video, 1, segment: 1, count: 100)) == [1])
    #expect(indices() == [1, 3, 0])
  }

  @Test mutating func anObjectLargerThanTheBoundPassesAlone() {
    #expect(put(feed.object(Track(.photo), 0, .randomAccess, count: 30_000)).isEmpty)
    #expect(put(feed.object(Track(.photo), 1, count: 100)) == [1])
    #expect(indices() == [0])
  }

  @Test mutating func lossesAreToldFirstRunByRun() throws {
    _ = put(feed.object(video, 1, .randomAccess, count: 6000))
    _ = put(feed.object(video, 2, count: 5000), feed.object(video, 3, count: 5000), feed.object(video, 4))
    _ = put(feed.object(video, 9, count: 5000))
    let taken = queue.take(limit: .max)
    let batch = try #require(taken)
    var parser = WireItemParser()
    let first = try #require(batch.buffers.first)
    parser.append(first.readableBytesView)
    var losses: [[UInt8]] = []
    while let item = try parser.next() {
      guard case .control(.loss, let body) = item else { continue }
      losses.append(body)
    }
    let kid = SegmentKID(epoch: 1, segment: 0, track: video).rawValue
    #expect(losses == [loss(kid, 2, 3), loss(kid, 9, 1)])
    #expect(queue.isEmpty)
    #expect(queue.bytes == 0)
  }

  private func loss(_ kid: UInt64, _ index: UInt32, _ count: UInt32) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(kid)
    writer.write(index)
    writer.write(count)
    return writer.bytes
  }

  @Test mutating func theCountOfBytesReturnsToNothing() {
    for round in 0..<200 as Range<UInt32> {
      _ = put(
        feed.object(
          round.isMultiple(of: 3) ? audio : video, round, round.isMultiple(of: 5) ? .randomAccess : [], count: 900))
      if round.isMultiple(of: 17) { _ = queue.take(limit: 2500) }
    }
    #expect(queue.bytes <= 8000 + 200 * ViewerQueue.lossByteCount)
    while queue.take(limit: 1000) != nil {}
    #expect(queue.bytes == 0)
    #expect(queue.isEmpty)
  }

  @Test mutating func removedClassesLeaveNoTrace() {
    _ = put(feed.object(video, 1, .randomAccess), feed.object(audio, 1, .randomAccess))
    queue.remove(ClassMask(.video))
    #expect(queue.bytes == 1000)
    #expect(queue.take(limit: .max)?.objects.map(\.track) == [audio])
  }
}

/// Beacons in the room's queues.
@Suite struct LiveRoomBeaconTests {
  private let feed: Feed
  private var room: LiveRoom

  init() throws {
    feed = try Feed()
    room = LiveRoom(limits: .init(queueBytes: 8000, hardBytes: 60_000, cacheBytes: 20_000, viewers: 3), keys: nil)
    _ = room.handle(.keys(feed.keys(1, [0, 1, 2])))
    _ = room.handle(.joined(feed.newcomer(1, 0), now: 1))
    _ = room.drained(1)
  }

  private func beacon(_ counter: UInt64, _ challenge: Digest = .zero) throws -> LiveBeacon {
    let body = Beacon(
      device: feed.device, epochUID: .zero, bootNonce: try BootNonce(Array(repeating: 1, count: 16)), counter: counter,
      time: 1, camera: .live, microphone: .live, positions: [], highestClip: 0, challenge: challenge)
    let signed = Signed(body: body, signature: try Signature(Array(repeating: 0, count: 64)))
    return try LiveBeacon(signed.bytes, of: feed.device)
  }

  @Test mutating func theNewestBeaconWaitsAloneHoweverFullTheQueueIs() throws {
    room.feed(feed.object(video, 0, .initialization), feed.object(video, 1, .randomAccess))
    for index in 2...20 as ClosedRange<UInt32> { room.feed(feed.object(video, index)) }
    for counter in 1...5 as ClosedRange<UInt64> {
      #expect(room.handle(.beacon(try beacon(counter))) == [.wake(1)])
    }
    #expect(room.handle(.beacon(try beacon(3))) == [])
    let taken = room.take(1, limit: 1 << 20)
    let batch = try #require(taken)
    let items = batch.buffers.filter { $0.readableBytes == (try? beacon(5).item.readableBytes) }
    #expect(items == [try beacon(5).item])
  }

  @Test mutating func aNonceChallengesOnlyADeviceThatHasALine() throws {
    let nonce = try Nonce(Array(repeating: 9, count: 16))
    #expect(room.handle(.nonce(nonce, feed.clients[0], now: 1)) == [])
    #expect(room.handle(.publisherCame) == [.wake(1)])
    let other = try Nonce(Array(repeating: 8, count: 16))
    guard case .challenge(let root)? = room.handle(.nonce(other, feed.clients[0], now: 2)).first else {
      Issue.record("no challenge")
      return
    }
    _ = room.take(1, limit: 1 << 20)
    _ = room.handle(.beacon(try beacon(1, root)))
    let taken = room.take(1, limit: 1 << 20)
    let batch = try #require(taken)
    var parser = WireItemParser()
    parser.append(batch.buffers.flatMap { Array($0.readableBytesView) })
    #expect(try parser.next()?.kind == .beacon)
    #expect(try parser.next()?.kind == .noncePath)
    #expect(room.handle(.nonce(nonce, feed.clients[1], now: 9_000)) == [], "a client without a line")
  }

  @Test mutating func viewersHearThatTheDevicesLineOpensAndEnds() {
    _ = room.handle(.publisherCame)
    _ = room.handle(.publisherLeft)
    #expect(room.take(1, limit: 100)?.buffers.map { Array($0.readableBytesView).last } == [0])
    _ = room.handle(.publisherCame)
    _ = room.handle(.joined(feed.newcomer(2, 1), now: 1))
    #expect(room.take(2, limit: 1)?.buffers.first.map { Array($0.readableBytesView) }?.last == 1)
  }
}
