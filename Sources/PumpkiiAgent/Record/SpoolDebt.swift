internal import PumpkiiVault
internal import PumpkiiWire

/// What a full disk did not take of a clip and the rest of it needs: key messages, and the inits of open segments. Pure.
struct SpoolDebt {
  var messages: [KeyMessage] = []
  private var inits: [Track: RecordedObject] = [:]

  mutating func note(_ message: KeyMessage) { messages.append(message) }

  /// An object was lost: its track's init stands in for the one before, and a segment's end needs none.
  mutating func note(_ object: RecordedObject) {
    let (flags, track) = (object.header.flags, object.header.kid.track)
    if flags.contains(.initialization) { inits[track] = object }
    if flags.contains(.endOfSegment), inits[track]?.header.kid == object.header.kid { inits[track] = nil }
  }

  /// The inits, which are then paid or lost anew.
  mutating func takeInits() -> [RecordedObject] {
    defer { inits = [:] }
    return inits.sorted { $0.key < $1.key }.map(\.value)
  }
}
