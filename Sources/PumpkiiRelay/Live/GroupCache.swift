internal import PumpkiiWire

/// The newest init object and the current group of each track, so that a newcomer sees a picture at once. Emptied by a
/// new epoch, bounded in bytes (init objects count) and tracks, and stale when the device stopped sending.
package struct GroupCache: Sendable {
  private struct Held: Sendable {
    let kid: SegmentKID
    var initialization: LiveObject?
    var group: [(number: UInt64, object: LiveObject)] = []
    /// Nothing is missing between the init or random access object and the end of ``group``.
    var isWhole = false
    /// Its init object is not held, so that nothing of it opens for a newcomer.
    var isRefused = false
    var lastTime: UInt64 = 0
  }

  /// Nobody wants to begin with a picture older than this, in ms; a photograph stays one.
  package static let staleAfter: UInt64 = 5_000
  /// The longest init object; real ones have a kilobyte.
  package static let initializationBytes = 256 << 10
  /// Tracks of one camera: both pictures, sound, photographs and events, and room for more.
  package static let trackCount = 8

  let bound: Int
  private var tracks: [Track: Held] = [:]
  private var number: UInt64 = 0
  private(set) var bytes = 0

  init(bound: Int) { self.bound = bound }

  mutating func removeAll() {
    tracks.removeAll()
    bytes = 0
  }

  /// Forgets the groups and keeps the init objects, with which the groups to come open.
  mutating func removeGroups() {
    for track in tracks.keys {
      empty(track)
      tracks[track]?.isWhole = false
    }
  }

  /// Forgets everything in the middle of segments: nothing of them is held before their next init object.
  mutating func refuse() {
    removeGroups()
    for track in tracks.keys where tracks[track]?.initialization != nil { refuse(track) }
  }

  /// Takes one object of the current epoch; `now` in ms of any monotonic clock.
  mutating func take(_ object: LiveObject, now: UInt64) {
    number += 1
    let track = object.track
    guard tracks[track] != nil || tracks.count < Self.trackCount else { return }
    if tracks[track]?.kid != object.header.kid { begin(track, object.header.kid) }
    if object.header.flags.contains(.initialization) {
      begin(track, with: object)
    } else {
      if object.isRandomAccess {
        empty(track)
        let isRefused = tracks[track]?.isRefused ?? true
        tracks[track]?.isWhole = !isRefused
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
    refuse(track)
    tracks[track] = Held(kid: kid)
  }

  private mutating func begin(_ track: Track, with initialization: LiveObject) {
    refuse(track)
    guard initialization.count <= Self.initializationBytes, bytes + initialization.count <= bound else { return }
    bytes += initialization.count
    tracks[track]?.initialization = initialization
    tracks[track]?.isWhole = true
    tracks[track]?.isRefused = false
  }

  private mutating func refuse(_ track: Track) {
    empty(track)
    bytes -= tracks[track]?.initialization?.count ?? 0
    tracks[track]?.initialization = nil
    tracks[track]?.isWhole = false
    tracks[track]?.isRefused = true
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
