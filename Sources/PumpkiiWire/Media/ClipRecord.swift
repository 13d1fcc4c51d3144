/// What a clip holds, signed by the device with the label `clip`: its number, and from where to where each track
/// goes in each epoch. Reason and times are not in it; they are sealed, in the clip's note and in its objects.
package struct ClipRecord: WireBody {
  package static let fieldName = "clip record"

  /// How the clip came to its end.
  package enum Ending: UInt8, Sendable, CaseIterable {
    /// The recorder closed it.
    case closed = 1
    /// The device was cut off while it was open, and made the record after its next start.
    case healed = 2
  }

  /// An epoch of which the clip holds objects.
  package struct Epoch: Sendable, Equatable {
    package var number: UInt32
    package var uid: EpochUID
    package init(number: UInt32, uid: EpochUID) {
      self.number = number
      self.uid = uid
    }
  }

  /// A place in a track of an epoch.
  package struct Position: Sendable, Hashable, Comparable {
    package var kid: SegmentKID
    package var index: UInt32
    package init(kid: SegmentKID, index: UInt32) {
      self.kid = kid
      self.index = index
    }
    package static func < (left: Self, right: Self) -> Bool { (left.kid, left.index) < (right.kid, right.index) }
  }

  /// The first and the last object of one track in one epoch. The init of the first segment may lie before others
  /// that are not in the clip: a clip begins at a random access point.
  package struct Range: Sendable, Equatable {
    package var first: Position
    package var last: Position
    package init(first: Position, last: Position) {
      self.first = first
      self.last = last
    }
  }

  package var device: DeviceID
  /// Device-wide, from 1 without a gap.
  package var number: UInt64
  package var ending: Ending
  /// Ascending.
  package var epochs: [Epoch]
  /// Ascending by epoch, then track; one for each track of each epoch.
  package var ranges: [Range]

  package init(device: DeviceID, number: UInt64, ending: Ending, epochs: [Epoch], ranges: [Range]) {
    self.device = device
    self.number = number
    self.ending = ending
    self.epochs = epochs
    self.ranges = ranges
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(WireItem.Kind.clip.rawValue)
    writer.write(device)
    writer.write(number)
    writer.write(ending.rawValue)
    writer.write(UInt16(clamping: epochs.count))
    for epoch in epochs {
      writer.write(epoch.number)
      writer.write(epoch.uid)
    }
    writer.write(UInt16(clamping: ranges.count))
    for range in ranges {
      for position in [range.first, range.last] {
        writer.write(position.kid.rawValue)
        writer.write(position.index)
      }
    }
  }

  /// - Throws: ``WireError``; `unknownType` for another item, `unknownValue` for number 0 and for epochs that are not
  ///   those of the ranges, `overLimit` and `order` for either list.
  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.read(UInt8.self, "type") == WireItem.Kind.clip.rawValue else {
      throw WireError(.unknownType, "clip record")
    }
    device = try reader.read("device id")
    number = try reader.read("clip number")
    guard number > 0 else { throw WireError(.unknownValue, "clip number") }
    ending = try reader.readCase("ending")
    epochs = try Self.epochs(&reader)
    ranges = try Self.ranges(&reader)
    guard Set(ranges.map(\.first.kid.epoch)) == Set(epochs.map(\.number)) else {
      throw WireError(.unknownValue, "clip epochs against ranges")
    }
  }

  private static func epochs(_ reader: inout ByteReader) throws(WireError) -> [Epoch] {
    let count = try Int(reader.read(UInt16.self, "clip epochs"))
    guard count > 0 else { throw WireError(.unknownValue, "clip epochs") }
    guard count <= WireLimits.clipEpochs else { throw WireError(.overLimit, "clip epochs") }
    var list: [Epoch] = []
    for _ in 0..<count {
      let epoch = try Epoch(number: reader.read("epoch"), uid: reader.read("epoch uid"))
      if let last = list.last, last.number >= epoch.number { throw WireError(.order, "clip epochs") }
      list.append(epoch)
    }
    return list
  }

  private static func ranges(_ reader: inout ByteReader) throws(WireError) -> [Range] {
    let count = try Int(reader.read(UInt16.self, "clip ranges"))
    guard count <= WireLimits.clipRanges else { throw WireError(.overLimit, "clip ranges") }
    var list: [Range] = []
    for _ in 0..<count {
      let range = Range(first: try position(&reader), last: try position(&reader))
      guard range.first.kid.place == range.last.kid.place, range.first <= range.last else {
        throw WireError(.order, "clip range")
      }
      if let last = list.last, last.first.kid.place >= range.first.kid.place { throw WireError(.order, "clip ranges") }
      list.append(range)
    }
    return list
  }

  private static func position(_ reader: inout ByteReader) throws(WireError) -> Position {
    let kid = try SegmentKID(rawValue: reader.read("KID"))
    let index: UInt32 = try reader.read("index")
    guard index < WireLimits.objectsPerSegment else { throw WireError(.overLimit, "index") }
    return Position(kid: kid, index: index)
  }
}

extension SegmentKID {
  /// Epoch and track in one number that orders by epoch, then track.
  package var place: UInt64 { UInt64(epoch) << 8 | UInt64(track.rawValue) }
}
