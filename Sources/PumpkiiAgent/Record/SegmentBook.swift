package import PumpkiiWire

/// Which segments are open, with their inits, and where a recording may begin: at a random access point of the
/// leading track, which is the picture where there is one and else the sound. Pure.
package struct SegmentBook: Sendable {
  private var open: [Track: RecordedObject] = [:]
  /// Segments that were followed from their first object.
  private var begun: [Track: SegmentKID] = [:]

  package init() {}

  /// The inits of the open segments, video first: what must stand before an object from their middle.
  package var inits: [RecordedObject] {
    open.sorted { $0.key < $1.key }.map(\.value)
  }

  /// Follows the stream; to be told of every object, in order.
  package mutating func note(_ object: RecordedObject) {
    let flags = object.header.flags
    let track = object.header.kid.track
    if object.header.index == 0 { begun[track] = object.header.kid }
    if flags.contains(.initialization) { open[track] = object }
    if flags.contains(.endOfSegment) { (open[track], begun[track]) = (nil, nil) }
  }

  /// Whether an object is of use here: its segment was followed from its first object, or this is it.
  package func admits(_ header: ObjectHeader) -> Bool {
    header.index == 0 || begun[header.kid.track] == header.kid
  }

  /// Whether a recording may begin with this object, the inits before it.
  package func isBoundary(_ header: ObjectHeader) -> Bool {
    guard header.flags.contains(.randomAccess), header.kid.track == lead else { return false }
    return holds(header.kid)
  }

  /// Whether the init of this segment is here.
  package func holds(_ segment: SegmentKID) -> Bool { open[segment.track]?.header.kid == segment }

  /// Forgets everything.
  package mutating func wipe() { (open, begun) = ([:], [:]) }

  private var lead: Track? { open.keys.filter { [.video, .audio].contains($0.mediaClass) }.min() }
}
