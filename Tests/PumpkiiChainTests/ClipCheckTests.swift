import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct ClipCheckTests {
  let device: Person
  var record: ClipRecord

  init() throws {
    device = try Person(1)
    record = ClipRecord(
      device: DeviceID(of: device.key), number: 3, ending: .closed,
      epochs: [
        ClipRecord.Epoch(number: 4, uid: try EpochUID([UInt8](repeating: 2, count: 16))),
        ClipRecord.Epoch(number: 5, uid: try EpochUID([UInt8](repeating: 3, count: 16))),
      ],
      ranges: [
        Self.range(4, .video, 2, 0, 3, 7), Self.range(4, .audio, 2, 0, 2, 9), Self.range(5, .video, 0, 0, 0, 1),
      ])
  }

  private static func range(
    _ epoch: UInt32, _ media: MediaClass, _ segment: UInt32, _ index: UInt32, _ last: UInt32, _ end: UInt32
  ) -> ClipRecord.Range {
    func position(_ segment: UInt32, _ index: UInt32) -> ClipRecord.Position {
      ClipRecord.Position(kid: SegmentKID(epoch: epoch, segment: segment, track: Track(media)), index: index)
    }
    return ClipRecord.Range(first: position(segment, index), last: position(last, end))
  }

  private func refusal(_ change: (inout ClipRecord) -> Void) -> WireError.Code? {
    var changed = record
    change(&changed)
    do throws(WireError) {
      _ = try ClipRecord(decoding: changed.encoded)
      return nil
    } catch { return error.code }
  }

  @Test func theDevicesOwnRecordPasses() throws {
    let bytes = try device.sign(record, .clip)
    #expect(try ClipCheck.verify(bytes, key: device.key).body == record)
  }

  @Test func anotherDevicesKeyOrLabelIsRefused() throws {
    let other = try Person(2)
    let bytes = try device.sign(record, .clip)
    #expect(throws: ChainError(.wrongDevice, "")) { try ClipCheck.verify(bytes, key: other.key) }
    let label = try device.sign(record, .keyHead)
    #expect(throws: ChainError(.badSignature, "")) { try ClipCheck.verify(label, key: device.key) }
    let signer = try other.sign(record, .clip)
    #expect(throws: ChainError(.badSignature, "")) { try ClipCheck.verify(signer, key: device.key) }
  }

  @Test func anyFlippedBitIsRefused() throws {
    let bytes = try device.sign(record, .clip)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: ChainError.self) { try ClipCheck.verify(flipped, key: device.key) }
    }
  }

  @Test func whatIsCutShortOrGoesOnIsRefused() throws {
    let bytes = record.encoded
    for count in 0..<bytes.count {
      #expect(throws: WireError.self) { try ClipRecord(decoding: Array(bytes.prefix(count))) }
    }
    #expect(throws: WireError(.trailingBytes, "")) { try ClipRecord(decoding: bytes + [0]) }
  }

  @Test func numbersBeginAtOne() { #expect(refusal { $0.number = 0 } == .unknownValue) }

  @Test func aRangeStaysInItsTrackAndEpochAndRunsForward() {
    #expect(refusal { $0.ranges[0] = Self.range(4, .video, 3, 0, 2, 7) } == .order)
    #expect(refusal { $0.ranges[0] = Self.range(4, .video, 2, 8, 2, 7) } == .order)
    #expect(refusal { $0.ranges[0].last = $0.ranges[1].last } == .order)
    #expect(refusal { $0.ranges[0].last = $0.ranges[2].last } == .order)
  }

  @Test func epochsAndRangesAscendAndStandOnce() {
    #expect(refusal { $0.epochs.swapAt(0, 1) } == .order)
    #expect(refusal { $0.epochs[1].number = 4 } == .order)
    #expect(refusal { $0.ranges.swapAt(0, 1) } == .order)
    #expect(refusal { $0.ranges[1] = $0.ranges[0] } == .order)
  }

  @Test func everyEpochOfARangeIsListedAndNoOther() {
    #expect(refusal { $0.epochs.removeLast() } == .unknownValue)
    #expect(refusal { $0.ranges.removeLast() } == .unknownValue)
    #expect(refusal { $0.epochs = [] } == .unknownValue)
  }

  @Test func limitsHold() throws {
    let uid = try EpochUID([UInt8](repeating: 2, count: 16))
    #expect(
      refusal { record in
        record.epochs = (1...257).map { ClipRecord.Epoch(number: $0, uid: uid) }
        record.ranges = (1...257).map { Self.range($0, .video, 0, 0, 0, 1) }
      } == .overLimit)
    #expect(refusal { $0.ranges[0].last.index = 1 << 24 } == .overLimit)
  }
}
