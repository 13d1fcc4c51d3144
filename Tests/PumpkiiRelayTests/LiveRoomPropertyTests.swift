import NIOCore
import PumpkiiRelay
import PumpkiiWire
import Testing

/// Random lives of a room, and what must hold in all of them.
@Suite struct LiveRoomPropertyTests {
  /// What a viewer was given, and whether it could have opened it.
  private struct Reader {
    var positions: [Track: (kid: SegmentKID, index: UInt32)] = [:]
    var told = 0
    var dropped = 0
    var delivered = 0
    var problems: [String] = []

    /// The step rule of a reader: an init of a new segment, one further, or forward to a random access or end object.
    mutating func take(_ object: LiveObject) {
      delivered += 1
      let (header, track) = (object.header, object.track)
      defer { positions[track] = (header.kid, header.index) }
      let mayJump = header.flags.contains(.randomAccess) || header.flags.contains(.endOfSegment)
      guard let last = positions[track] else {
        if !header.flags.contains(.initialization), !mayJump {
          problems.append("begins at \(header.kid) \(header.index)")
        }
        return
      }
      switch (header.kid == last.kid, header.flags.contains(.initialization)) {
      case (false, true): if header.kid < last.kid { problems.append("back to \(header.kid)") }
      case (false, false): problems.append("\(header.kid) without init")
      case (true, true): problems.append("init twice in \(header.kid)")
      case (true, false):
        if header.index <= last.index { problems.append("back to \(header.kid) \(header.index)") }
        if header.index > last.index + 1, !mayJump { problems.append("gap before \(header.kid) \(header.index)") }
      }
    }
  }

  /// A device with video and sound that numbers everything as it must.
  private struct Publisher {
    let device: DeviceID
    var epoch: UInt32 = 1
    var segments: [Track: UInt32] = [:]
    var indices: [Track: UInt32] = [:]

    mutating func next(_ track: Track, _ random: inout SplitMix) -> [LiveObject] {
      guard let index = indices[track] else {
        indices[track] = 1
        return [object(track, 0, .initialization, 300)]
      }
      if random.next() % 60 == 0 {
        indices[track] = nil
        let segment = segments[track] ?? 0
        segments[track] = segment + 1
        return [object(track, index, .endOfSegment, 150, segment: segment)]
      }
      indices[track] = index + 1
      let isFirst = track.mediaClass == .audio || index == 1 || random.next() % 12 == 0
      return [object(track, index, isFirst ? .randomAccess : [], 150 + Int(random.next() % 3000))]
    }

    mutating func rotate() { (epoch, segments, indices) = (epoch + 1, [:], [:]) }

    private func object(
      _ track: Track, _ index: UInt32, _ flags: ObjectHeader.Flags, _ count: Int, segment: UInt32? = nil
    ) -> LiveObject {
      let header = ObjectHeader(
        flags: flags, mediaClass: track.mediaClass, device: device,
        kid: SegmentKID(epoch: epoch, segment: segment ?? segments[track] ?? 0, track: track), index: index,
        length: UInt32(count - 36))
      return LiveObject(header: header, bytes: ByteBuffer(repeating: 0, count: count))
    }
  }

  @Test(arguments: 0..<24 as Range<UInt64>)
  func everyReaderCanOpenWhatItIsGivenAndKnowsWhatItLost(_ seed: UInt64) throws {
    var random = SplitMix(state: seed)
    var room = LiveRoom(
      limits: .init(queueBytes: 12_000, hardBytes: 120_000, cacheBytes: 30_000, viewers: 6), keys: nil)
    var publisher = Publisher(device: try DeviceID(Array(repeating: 1, count: 16)))
    let clients = try (0..<6).map { try ClientID(Array(repeating: UInt8($0), count: 16)) }
    func keys(_ epoch: UInt32) -> LiveKeys {
      LiveKeys(
        epoch: epoch, head: ByteBuffer(string: "head"),
        entries: clients.map { .init(client: $0, item: ByteBuffer(string: "entry")) })
    }
    _ = room.handle(.keys(keys(1)))
    var readers: [UInt64: Reader] = [:]
    var number: UInt64 = 0
    for step in 0..<1500 as Range<UInt64> {
      var actions: [LiveRoom.Action] = []
      switch random.next() % 100 {
      case 0..<2:
        number += 1
        readers[number] = Reader()
        actions = room.handle(
          .joined(
            .init(
              id: number, client: clients[Int(number % 6)],
              rights: .init(classes: [ClassMask(.video), ClassMask(.audio)], isOwner: false), wanted: .all), now: step))
      case 2:
        if let id = readers.keys.sorted().randomElement(using: &random) {
          actions = room.handle(.left(id))
          readers[id] = nil
        }
      case 3:
        if random.next() % 6 == 0 {
          publisher.rotate()
          actions = room.handle(.keys(keys(publisher.epoch)))
        }
      case 4: actions = room.handle(.heartbeat)
      case 5..<30:
        guard let id = readers.keys.sorted().randomElement(using: &random) else { break }
        drain(&room, id, &readers, limit: 1 + Int(random.next() % 8000))
      default:
        for object in publisher.next(random.next() % 3 == 0 ? Track(.audio) : Track(.video), &random) {
          actions += room.handle(.object(object, now: step))
        }
      }
      for action in actions {
        if case .dropped(let id, _) = action { readers[id]?.dropped += 1 }
        if case .cut(let id, _) = action { readers[id] = nil }
      }
    }
    for id in readers.keys {
      while drain(&room, id, &readers, limit: 5000) {}
      let reader = try #require(readers[id])
      #expect(reader.problems.isEmpty)
      #expect(reader.told == reader.dropped)
    }
    #expect(readers.values.contains { $0.delivered > 0 } || readers.isEmpty)
  }

  @discardableResult
  private func drain(_ room: inout LiveRoom, _ id: UInt64, _ readers: inout [UInt64: Reader], limit: Int) -> Bool {
    guard let batch = room.take(id, limit: limit) else { return false }
    for object in batch.objects { readers[id]?.take(object) }
    if let first = batch.buffers.first, first.readableBytes.isMultiple(of: ViewerQueue.lossByteCount) {
      var parser = WireItemParser()
      parser.append(first.readableBytesView)
      while let item = try? parser.next(), case .control(.loss, let body) = item {
        readers[id]?.told += body.suffix(4).reduce(0) { $0 << 8 | Int($1) }
      }
    }
    return true
  }
}
