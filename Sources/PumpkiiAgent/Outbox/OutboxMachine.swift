package import PumpkiiWire

/// What waits for the relay and what the relay has not acknowledged yet: a pure machine, bounded by two numbers.
///
/// The loss rule: when more than ``Limits/bytes`` or anything older than ``Limits/age`` is unacknowledged, a track
/// loses whole groups, from the object that did not fit up to the next random access point that does. Key messages,
/// init and end objects are never lost; they are few and small, and ``Limits/controls`` bounds them. Of beacons the
/// newest waits alone, before everything but key messages.
package struct OutboxMachine: Sendable {
  /// The bounds of what waits.
  package struct Limits: Sendable {
    /// Bytes queued or in flight, without the relay's acknowledgement.
    package var bytes = 1 << 20
    /// Nanoseconds the oldest of them may wait.
    package var age: UInt64 = 500_000_000
    /// Control items queued; one more means that the connection is dead.
    package var controls = 512
    package init() {}
  }

  /// What became of an object that was offered.
  package enum Verdict: Sendable, Equatable {
    case queued
    /// The track loses this object, and what follows up to a random access point that fits.
    case lost
    /// Nobody reads any more; the connection must be ended.
    case overflow
  }

  private struct Waiting {
    let header: ObjectHeader?
    let bytes: [UInt8]
    let since: UInt64
  }

  private struct Flying {
    let kid: UInt64
    let index: UInt32
    let count: Int
    let since: UInt64
  }

  private let limits: Limits
  private var waiting: [Waiting] = []
  private var head = 0
  private var flying: [Flying] = []
  private var losing: Set<Track> = []
  private var beacon: [UInt8]?
  /// Bytes queued or in flight.
  package private(set) var unacknowledged = 0
  /// Objects lost to the bound.
  package private(set) var lost = 0

  package init(limits: Limits = Limits()) { self.limits = limits }

  /// True while the track's next useful object is a random access point.
  package func needsRandomAccess(_ track: Track) -> Bool { losing.contains(track) }

  /// Offers one sealed object.
  /// - Parameter now: CLOCK_MONOTONIC in ns.
  package mutating func offer(_ header: ObjectHeader, _ bytes: [UInt8], now: UInt64) -> Verdict {
    let track = header.kid.track
    let essential = !header.flags.isDisjoint(with: [.initialization, .endOfSegment])
    if !essential {
      // An object larger than the bound goes when it is alone, else it would never go.
      let hasRoom = unacknowledged == 0 || unacknowledged + bytes.count <= limits.bytes
      let fits = hasRoom && !isStale(now)
      if losing.contains(track), !(fits && header.flags.contains(.randomAccess)) { return lose() }
      if !fits {
        losing.insert(track)
        return lose()
      }
      losing.remove(track)
    }
    return enqueue(Waiting(header: header, bytes: bytes, since: now))
  }

  /// Queues a key head or entry; never lost.
  package mutating func offerControl(_ bytes: [UInt8], now: UInt64) -> Verdict {
    enqueue(Waiting(header: nil, bytes: bytes, since: now))
  }

  /// Queues a beacon in the place of one that still waits.
  package mutating func offerBeacon(_ bytes: [UInt8]) -> Verdict {
    beacon = bytes
    return .queued
  }

  /// The next bytes to write, now in flight; nil when nothing waits.
  package mutating func take() -> [UInt8]? {
    if let next = beacon, head == waiting.count || waiting[head].header != nil {
      beacon = nil
      return next
    }
    guard head < waiting.count else { return nil }
    let item = waiting[head]
    head += 1
    if head == waiting.count || head > 1024 {
      waiting.removeFirst(head)
      head = 0
    }
    if let header = item.header {
      let kid = header.kid.rawValue
      flying.append(Flying(kid: kid, index: header.index, count: item.bytes.count, since: item.since))
    } else {
      unacknowledged -= item.bytes.count
    }
    return item.bytes
  }

  /// True when ``take()`` has something.
  package var hasWaiting: Bool { head < waiting.count || beacon != nil }

  /// Items that ``take()`` has.
  package var waitingCount: Int { waiting.count - head }

  /// Objects that were queued or in flight and never acknowledged; what a broken connection loses.
  package var unfinished: [(kid: UInt64, index: UInt32)] {
    flying.map { ($0.kid, $0.index) } + waiting[head...].compactMap { $0.header.map { ($0.kid.rawValue, $0.index) } }
  }

  /// The relay has taken this object and, as the connection keeps order, all before it.
  package mutating func acknowledge(kid: UInt64, index: UInt32) {
    guard let position = flying.firstIndex(where: { $0.kid == kid && $0.index == index }) else { return }
    for item in flying[...position] { unacknowledged -= item.count }
    flying.removeFirst(position + 1)
  }

  /// Takes the media of these classes out of the queue; what is in flight has left. Key messages, init and end objects
  /// stay: they carry no media.
  /// - Returns: what was taken out.
  package mutating func wipe(_ classes: ClassMask) -> [(kid: UInt64, index: UInt32)] {
    var wiped: [(kid: UInt64, index: UInt32)] = []
    var kept: [Waiting] = []
    for item in waiting[head...] {
      guard let header = item.header, classes.contains(header.kid.track.mediaClass),
        header.flags.isDisjoint(with: [.initialization, .endOfSegment])
      else {
        kept.append(item)
        continue
      }
      wiped.append((header.kid.rawValue, header.index))
      unacknowledged -= item.bytes.count
      losing.insert(header.kid.track)
    }
    waiting = kept
    head = 0
    lost += wiped.count
    return wiped
  }

  private mutating func lose() -> Verdict {
    lost += 1
    return .lost
  }

  private mutating func enqueue(_ item: Waiting) -> Verdict {
    guard waiting.count - head < limits.controls || item.header.map({ $0.flags.isEmpty }) == true else {
      return .overflow
    }
    waiting.append(item)
    unacknowledged += item.bytes.count
    return .queued
  }

  private func isStale(_ now: UInt64) -> Bool {
    let oldest = flying.first?.since ?? (head < waiting.count ? waiting[head].since : now)
    return now > oldest && now - oldest > limits.age
  }
}
