package import PumpkiiWire

/// Counts what a clip holds, item by item, and makes its record. Pure.
package struct ClipTally: Sendable {
  private var uids: [UInt32: EpochUID] = [:]
  private var ranges: [UInt64: ClipRecord.Range] = [:]
  /// Objects that carry media.
  package private(set) var mediaCount = 0

  package init() {}

  /// What the sensors and detection put into it; why it began is told beside that.
  package var classes: ClassMask {
    ClassMask(classes: ranges.values.map(\.first.kid.track).filter { $0 != ClipNote.track }.map(\.mediaClass))
  }

  /// Epochs of which there are objects.
  package var epochCount: Int { Set(ranges.values.map(\.first.kid.epoch)).count }

  package mutating func note(_ head: KeyHead) { uids[head.epoch] = head.epochUID }

  package mutating func note(_ header: ObjectHeader) {
    let position = ClipRecord.Position(kid: header.kid, index: header.index)
    ranges[header.kid.place, default: ClipRecord.Range(first: position, last: position)].last = position
    if header.flags.isDisjoint(with: [.initialization, .endOfSegment]), header.mediaClass != .event { mediaCount += 1 }
  }

  /// Whether the clip has the key message of this epoch.
  package func holds(epoch: UInt32) -> Bool { uids[epoch] != nil }

  /// The record's body; nil while there is nothing to record.
  package func record(device: DeviceID, number: UInt64, ending: ClipRecord.Ending) -> ClipRecord? {
    guard mediaCount > 0 else { return nil }
    let epochs = Set(ranges.values.map(\.first.kid.epoch)).sorted()
    let known = epochs.compactMap { number in uids[number].map { ClipRecord.Epoch(number: number, uid: $0) } }
    guard known.count == epochs.count else { return nil }
    return ClipRecord(
      device: device, number: number, ending: ending, epochs: known,
      ranges: ranges.sorted { $0.key < $1.key }.map(\.value))
  }
}
