import NIOCore
import PumpkiiRelay
import PumpkiiWire
import Testing

private let video = Track(.video)

@Suite struct CacheTests {
  private let device: DeviceID
  private let client: ClientID
  private var room: LiveRoom

  init() throws {
    device = try DeviceID(Array(repeating: 7, count: 16))
    client = try ClientID(Array(repeating: 1, count: 16))
    room = LiveRoom(limits: .init(queueBytes: 1 << 20, hardBytes: 8 << 20, cacheBytes: 2 << 20, viewers: 3), keys: nil)
    _ = room.handle(
      .keys(LiveKeys(epoch: 1, head: ByteBuffer(string: "h"), entries: [.init(client: client, item: .init())])))
  }

  private mutating func feed(
    _ track: Track, _ index: UInt32, _ flags: ObjectHeader.Flags, count: Int = 1000, segment: UInt32 = 0
  ) {
    let header = ObjectHeader(
      flags: flags, mediaClass: track.mediaClass, device: device,
      kid: SegmentKID(epoch: 1, segment: segment, track: track), index: index, length: UInt32(count - 36))
    _ = room.handle(.object(LiveObject(header: header, bytes: ByteBuffer(repeating: 0, count: count)), now: 1))
  }

  /// What somebody who comes now begins with.
  private mutating func newcomer() -> [UInt32] {
    let newcomer = LiveRoom.Newcomer(
      id: 9, client: client, rights: .init(classes: .all, isOwner: false), wanted: .all)
    _ = room.handle(.joined(newcomer, now: 1))
    defer { _ = room.handle(.left(9)) }
    var indexes: [UInt32] = []
    while let batch = room.take(9, limit: 8 << 20) { indexes += batch.objects.map(\.header.index) }
    return indexes
  }

  @Test mutating func initObjectsCountOnceAndLeaveWithTheirSegment() {
    feed(video, 0, .initialization, count: 5000)
    #expect(room.cacheBytes == 5000)
    feed(video, 1, .randomAccess)
    #expect(room.cacheBytes == 6000)
    feed(video, 0, .initialization, count: 3000, segment: 1)
    #expect(room.cacheBytes == 3000)
    feed(video, 0, .randomAccess, segment: 2)
    #expect(room.cacheBytes == 1000)
    _ = room.handle(.publisherLeft)
    #expect(room.cacheBytes == 0)
  }

  @Test mutating func manyInitObjectsDoNotPassTheBound() {
    for number in 0..<8 as Range<UInt8> {
      feed(Track(.video, number), 0, .initialization, count: 256 << 10)
      feed(Track(.video, number), 1, .randomAccess, count: 256 << 10)
    }
    #expect(room.cacheBytes <= 2 << 20)
  }

  @Test mutating func nothingIsHeldOfASegmentWhoseInitObjectIsTooLarge() {
    feed(video, 0, .initialization, count: (256 << 10) + 1)
    feed(video, 1, .randomAccess)
    #expect(room.cacheBytes == 0)
    #expect(newcomer() == [])
    feed(video, 0, .initialization, segment: 1)
    feed(video, 1, .randomAccess, segment: 1)
    #expect(newcomer() == [0, 1])
  }

  @Test mutating func aNinthTrackIsNotHeld() {
    for number in 0..<9 as Range<UInt8> { feed(Track(.video, number), 0, .randomAccess) }
    #expect(room.cacheBytes == 8000)
  }

  @Test mutating func aRoomThatShedsItsGroupsGoesOnWithTheNext() {
    feed(video, 0, .initialization)
    feed(video, 1, .randomAccess)
    room.shed(.groups)
    #expect(room.cacheBytes == 1000)
    #expect(newcomer() == [0])
    feed(video, 2, [])
    feed(video, 3, .randomAccess)
    #expect(newcomer() == [0, 3])
  }

  @Test mutating func aRoomThatShedsAllWaitsForTheNextInitObject() {
    feed(video, 0, .initialization)
    feed(video, 1, .randomAccess)
    room.shed(.all)
    feed(video, 2, .randomAccess)
    #expect(room.cacheBytes == 0)
    #expect(newcomer() == [])
    feed(video, 0, .initialization, segment: 1)
    feed(video, 1, .randomAccess, segment: 1)
    #expect(newcomer() == [0, 1])
  }
}

@Suite struct CacheBookTests {
  private let devices: [DeviceID]
  private var book = CacheBook(bound: 800)

  init() throws { devices = try (0..<4).map { try DeviceID(Array(repeating: UInt8($0), count: 16)) } }

  @Test mutating func theUnwatchedThatWasSilentLongestGoesFirst() {
    for number in [2, 0, 1, 0] { #expect(note(number, 250) == []) }
    #expect(note(3, 250) == [.init(devices[2], .all), .init(devices[1], .all)])
    #expect(note(2, 0) == [])
    #expect(note(1, 0) == [])
    #expect(book.total == 500)
  }

  @Test mutating func theWatchedAreSpared() {
    #expect(note(0, 400, isWatched: true) == [])
    #expect(note(1, 300) == [])
    #expect(note(2, 200, isWatched: true) == [.init(devices[1], .all)])
  }

  @Test mutating func whenAllAreWatchedTheOneThatGrewGivesBackMoreAndMore() {
    #expect(note(0, 700, isWatched: true) == [])
    #expect(note(1, 200, isWatched: true) == [.init(devices[1], .groups)])
    #expect(note(1, 150, isWatched: true) == [.init(devices[1], .all)])
    #expect(note(1, 0, isWatched: true) == [])
    #expect(note(1, 200, isWatched: true) == [.init(devices[1], .groups)])
    #expect(note(1, 50, isWatched: true) == [])
    #expect(note(1, 200, isWatched: true) == [.init(devices[1], .groups)])
  }

  private mutating func note(_ number: Int, _ bytes: Int, isWatched: Bool = false) -> [CacheBook.Shedding] {
    book.note(devices[number], bytes: bytes, isWatched: isWatched)
  }
}

@Suite(.timeLimit(.minutes(10))) struct SharedCacheTests {
  @Test func anUnwatchedCameraMakesRoomForAnother() async throws {
    try await withRelay(limits { $0.allCachesBytes = 100_000 }) { peer in
      let world = try await TestWorld(peer)
      let other = try TestDevice(owner: world.owner)
      let otherPeer = try await peer.authenticated(other.key)
      try #require(try await otherPeer.put(other).status == 200)
      func publish(_ device: TestDevice, _ peer: TestPeer) async throws -> TestUplink {
        let uplink = try await TestUplink(peer, "/v1/cameras/\(device.id.hex)/live")
        uplink.send(try device.keys(epoch: 1, to: [world.owner]).items)
        uplink.send(device.object(video, index: 0, .initialization))
        uplink.send(device.object(video, index: 1, .randomAccess, count: 60_000))
        for _ in 0..<2 { #expect(try await uplink.answers.item()?.kind == .acknowledgement) }
        return uplink
      }
      let first = try await publish(world.device, world.devicePeer)
      let second = try await publish(other, otherPeer)
      let late = try await TestStream(world.ownerPeer, "/v1/cameras/\(other.id.hex)/live")
      for kind in [WireItem.Kind.keyHead, .keyEntry, .object, .object] {
        #expect(try await late.item()?.kind == kind)
      }
      let viewer = try await TestStream(world.ownerPeer, "\(world.path)/live")
      for kind in [WireItem.Kind.keyHead, .keyEntry] { #expect(try await viewer.item()?.kind == kind) }
      let next = world.device.object(video, segment: 1, index: 0, .initialization)
      first.send(next)
      #expect(try await viewer.item()?.bytes == next)
      first.finish()
      second.finish()
    }
  }

  @Test func aLineWithAnInitObjectTooLargeOrTooManyTracksEnds() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let large = try await TestUplink(world.devicePeer, "\(world.path)/live")
      large.send(try world.device.keys(epoch: 1, to: [world.owner]).items)
      large.send(world.device.object(video, index: 0, .initialization, count: (256 << 10) + 1))
      #expect(try await large.answers.item() == nil)
      let many = try await TestUplink(world.devicePeer, "\(world.path)/live")
      for number in 0..<9 as Range<UInt8> { many.send(world.device.object(Track(.video, number), index: 0)) }
      for _ in 0..<8 { #expect(try await many.answers.item()?.kind == .acknowledgement) }
      #expect(try await many.answers.item() == nil)
    }
  }
}
