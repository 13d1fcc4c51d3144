package import NIOCore
package import PumpkiiWire

/// What waits for one viewer, bounded in bytes.
///
/// The loss rule: media that does not fit first pushes out the oldest whole groups of its own track; when only the
/// group it belongs to is left, it is lost itself and so is everything of the track up to the next random access
/// object. Init and end objects, key heads and entries are never dropped; when even so the queue passes its hard bound,
/// it reports that it is over and its viewer is cut. Presence and beacon have a place of their own, in which the newest
/// stands: nothing pushes them out, and they push nothing out.
package struct ViewerQueue: Sendable {
  /// Objects that this queue lost, one after the other.
  struct Loss: Sendable, Equatable {
    let kid: SegmentKID
    let index: UInt32
    var count: UInt32
  }

  /// What is written to the viewer in one go.
  package struct Batch: Sendable, Equatable {
    /// Everything, in its order.
    package internal(set) var buffers: [ByteBuffer] = []
    /// The objects among it.
    package internal(set) var objects: [LiveObject] = []
  }

  private struct Entry: Sendable {
    let bytes: ByteBuffer
    let object: LiveObject?
    /// Counted against the bound and open to being dropped.
    let isMedia: Bool
  }

  /// A loss item: header 8, KID 8, index 4, count 4.
  package static let lossByteCount = 24

  let bound: Int
  let hardBound: Int
  private var entries: [Entry] = []
  private var mediaBytes = 0
  /// All that waits.
  package private(set) var bytes = 0
  private var losses: [Loss] = []
  private var presence: ByteBuffer?
  /// The newest beacon, and the reader's paths behind it.
  private var beacon: ByteBuffer?
  /// Tracks that lost something and go on at their next random access object.
  private var broken: Set<Track> = []
  /// Tracks of which nothing has been sent yet that could be begun; what passes by is no loss.
  private var awaited: Set<Track> = []

  /// An empty queue.
  ///
  /// - Parameters:
  ///   - bound: bytes of media that may wait.
  ///   - hardBound: bytes of anything that may wait.
  package init(bound: Int, hardBound: Int) {
    self.bound = bound
    self.hardBound = hardBound
  }

  /// Nothing waits.
  package var isEmpty: Bool { entries.isEmpty && losses.isEmpty && presence == nil && beacon == nil }
  /// More waits than any reader that still reads would leave.
  var isOver: Bool { bytes > hardBound }

  mutating func put(control item: ByteBuffer) {
    add(Entry(bytes: item, object: nil, isMedia: false))
  }

  /// Takes the place of what was said before and has not been read.
  mutating func put(presence item: ByteBuffer) { presence = item }

  /// Takes the place of an older beacon that has not been read.
  mutating func put(beacon items: ByteBuffer) { beacon = items }

  /// The current group for a newcomer: outside the bound, as it would otherwise cost the group that follows.
  mutating func put(burst objects: [LiveObject]) {
    for object in objects { add(Entry(bytes: object.bytes, object: object, isMedia: false)) }
  }

  /// Nothing of `track` is sent before its next random access object.
  mutating func await(_ track: Track) { awaited.insert(track) }

  /// Puts one object in.
  /// - Returns: the objects that were lost for it or instead of it.
  package mutating func put(_ object: LiveObject) -> [LiveObject] {
    if object.isKept {
      if object.header.flags.contains(.initialization) {
        awaited.remove(object.track)
      } else if awaited.contains(object.track) {
        return []
      }
      add(Entry(bytes: object.bytes, object: object, isMedia: false))
      return []
    }
    if object.isRandomAccess {
      awaited.remove(object.track)
    } else if awaited.contains(object.track) {
      return []
    } else if broken.contains(object.track) {
      note(object)
      return [object]
    }
    var dropped: [LiveObject] = []
    while !fits(object), let group = oldestGroup(of: object.track, isClosed: object.isRandomAccess) {
      dropped += remove(group)
    }
    if fits(object) {
      broken.remove(object.track)
      add(Entry(bytes: object.bytes, object: object, isMedia: true))
    } else {
      broken.insert(object.track)
      note(object)
      dropped.append(object)
    }
    return dropped
  }

  /// A right was lost: what waits of these classes is taken back, and is no loss.
  package mutating func remove(_ classes: ClassMask) {
    let (gone, kept) = (entries.filter(isOf(classes)), entries.filter { !isOf(classes)($0) })
    for entry in gone {
      bytes -= entry.bytes.readableBytes
      if entry.isMedia { mediaBytes -= entry.bytes.readableBytes }
    }
    entries = kept
  }

  private func isOf(_ classes: ClassMask) -> (Entry) -> Bool {
    { entry in entry.object.map { classes.contains($0.header.mediaClass) } ?? false }
  }

  /// Counts an object that never came as far as this queue.
  mutating func note(_ object: LiveObject) {
    let (kid, index) = (object.header.kid, object.header.index)
    if let last = losses.last, last.kid == kid, last.index + last.count == index {
      losses[losses.count - 1].count += 1
    } else {
      losses.append(Loss(kid: kid, index: index, count: 1))
      bytes += Self.lossByteCount
    }
  }

  /// Takes out what fits into `limit` bytes, at least one entry; losses are told first.
  package mutating func take(limit: Int) -> Batch? {
    guard !isEmpty else { return nil }
    var batch = Batch()
    if !losses.isEmpty {
      batch.buffers.append(Self.items(losses))
      bytes -= losses.count * Self.lossByteCount
      losses.removeAll()
    }
    batch.buffers += [presence, beacon].compactMap { $0 }
    (presence, beacon) = (nil, nil)
    var size = 0
    var count = 0
    while count < entries.count {
      let entry = entries[count]
      guard count == 0 || size + entry.bytes.readableBytes <= limit else { break }
      size += entry.bytes.readableBytes
      if entry.isMedia { mediaBytes -= entry.bytes.readableBytes }
      batch.buffers.append(entry.bytes)
      if let object = entry.object { batch.objects.append(object) }
      count += 1
    }
    entries.removeFirst(count)
    bytes -= size
    return batch
  }

  private mutating func add(_ entry: Entry) {
    entries.append(entry)
    bytes += entry.bytes.readableBytes
    if entry.isMedia { mediaBytes += entry.bytes.readableBytes }
  }

  /// One object alone always fits, or a picture larger than the bound would never arrive. Pictures leave an eighth of
  /// the bound to sound, so that a flood of one does not silence the other.
  private func fits(_ object: LiveObject) -> Bool {
    let share = object.header.mediaClass == .audio ? bound : bound - bound / 8
    return mediaBytes == 0 || mediaBytes + object.count <= share
  }

  /// Positions of the oldest group of a track: from its first waiting object to before the next random access one. A
  /// group that goes on is only found when the object to come closes it.
  private func oldestGroup(of track: Track, isClosed: Bool) -> [Int]? {
    var group: [Int] = []
    for (position, entry) in entries.enumerated() {
      guard entry.isMedia, let object = entry.object, object.track == track else { continue }
      if !group.isEmpty, object.isRandomAccess { return group }
      group.append(position)
    }
    return isClosed && !group.isEmpty ? group : nil
  }

  private mutating func remove(_ positions: [Int]) -> [LiveObject] {
    let dropped = positions.compactMap { entries[$0].object }
    for position in positions.reversed() { entries.remove(at: position) }
    for object in dropped {
      bytes -= object.count
      mediaBytes -= object.count
      note(object)
    }
    return dropped
  }

  private static func items(_ losses: [Loss]) -> ByteBuffer {
    var buffer = ByteBuffer()
    for loss in losses {
      var body = ByteWriter(capacity: 16)
      body.write(loss.kid.rawValue)
      body.write(loss.index)
      body.write(loss.count)
      buffer.writeBytes(WireItem.control(.loss, body.bytes).bytes)
    }
    return buffer
  }
}
