internal import PumpkiiWire

/// The newest init object and the current group of each track, so that a newcomer sees a picture at once. Emptied by a
/// new epoch, bounded in bytes, and stale when the device stopped sending.
package struct GroupCache: Sendable {
  private struct Held: Sendable {
    let kid: SegmentKID
    var initialization: LiveObject?
    var group: [(number: UInt64, object: LiveObject)] = []
    /// Nothing is missing between the init or random access object and the end of ``group``.
    var isWhole = false
    var lastTime: UInt64 = 0
  }

  /// Nobody wants to begin with a picture older than this, in ms; a photograph stays one.
  package static let staleAfter: UInt64 = 5_000

  let bound: Int
  private var tracks: [Track: Held] = [:]
  private var number: UInt64 = 0
  private(set) var bytes = 0

  init(bound: Int) { self.bound = bound }

  mutating func removeAll() {
    tracks.removeAll()
    bytes = 0
  }

  /// Takes one object of the current epoch; `now` in ms of any monotonic clock.
  mutating func take(_ object: LiveObject, now: UInt64) {
    number += 1
    let track = object.track
    if tracks[track]?.kid != object.header.kid { begin(track, object.header.kid) }
    if object.header.flags.contains(.initialization) {
      empty(track)
      tracks[track]?.initialization = object
      tracks[track]?.isWhole = true
    } else {
      if object.isRandomAccess {
        empty(track)
        tracks[track]?.isWhole = true
      }
      append(object, to: track)
    }
    tracks[track]?.lastTime = now
  }

  /// What a newcomer with these classes is given, in the order of arrival, and the tracks it has to wait for.
  func current(_ classes: ClassMask, now: UInt64) -> (objects: [LiveObject], awaited: [Track]) {
    var numbered: [(number: UInt64, object: LiveObject)] = []
    var inits: [LiveObject] = []
    var awaited: [Track] = []
    for (track, held) in tracks where classes.contains(track.mediaClass) {
      if let initialization = held.initialization { inits.append(initialization) }
      let isFresh = track.mediaClass == .photo || now &- held.lastTime <= Self.staleAfter
      if held.isWhole, isFresh {
        numbered += held.group
      } else {
        awaited.append(track)
      }
    }
    inits.sort { $0.header.kid < $1.header.kid }
    return (inits + numbered.sorted { $0.number < $1.number }.map(\.object), awaited)
  }

  private mutating func begin(_ track: Track, _ kid: SegmentKID) {
    empty(track)
    tracks[track] = Held(kid: kid)
  }

  private mutating func append(_ object: LiveObject, to track: Track) {
    guard tracks[track]?.isWhole == true else { return }
    guard bytes + object.count <= bound else {
      empty(track)
      tracks[track]?.isWhole = false
      return
    }
    tracks[track]?.group.append((number, object))
    bytes += object.count
  }

  private mutating func empty(_ track: Track) {
    bytes -= tracks[track]?.group.reduce(0) { $0 + $1.object.count } ?? 0
    tracks[track]?.group.removeAll()
  }
}
