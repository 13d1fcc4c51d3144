internal import PumpkiiWire

/// The last seconds, sealed and in memory, for a clip to begin with: whole groups, each from a random access point
/// to the next, with the inits that must stand before it. Bounded by seconds (and the group that the bound falls
/// into) and by bytes. Pure.
///
/// The loss rule: the oldest group goes. A group that is alone and larger than the bound goes too, and so does what
/// follows of it.
package struct PreRollRing: Sendable {
  package struct Limits: Sendable {
    /// ns that the ring reaches back at least, where the bytes allow.
    package var span: UInt64
    package var bytes: Int
    package init(span: UInt64, bytes: Int) {
      self.span = span
      self.bytes = bytes
    }
  }

  /// From one random access point of the leading track to the next.
  package struct Group: Sendable {
    /// Inits of the segments that were open when it began.
    package fileprivate(set) var inits: [RecordedObject]
    package fileprivate(set) var objects: [RecordedObject]
    /// CLOCK_MONOTONIC in ns.
    package let began: UInt64

    fileprivate var byteCount: Int { (inits + objects).reduce(0) { $0 + $1.byteCount } }
  }

  private let limits: Limits
  package private(set) var groups: [Group] = []
  package private(set) var byteCount = 0
  /// Groups that had to go for the bound of bytes before their time.
  package private(set) var lostGroups = 0

  package init(limits: Limits) { self.limits = limits }

  package var isEmpty: Bool { groups.isEmpty }

  /// ns from the first object to `now`.
  package func span(now: UInt64) -> UInt64 { groups.first.map { now > $0.began ? now - $0.began : 0 } ?? 0 }

  /// The lowest epoch that something here needs a key message of.
  package var oldestEpoch: UInt32? {
    groups.first.flatMap { group in (group.inits + group.objects).map(\.header.kid.epoch).min() }
  }

  /// Takes one object; what comes before the first boundary is passed over.
  /// - Parameters:
  ///   - inits: of the segments open before it; only looked at for a boundary.
  ///   - now: CLOCK_MONOTONIC in ns.
  package mutating func take(_ object: RecordedObject, isBoundary: Bool, inits: [RecordedObject], now: UInt64) {
    if isBoundary {
      groups.append(Group(inits: inits, objects: [], began: now))
      byteCount += inits.reduce(0) { $0 + $1.byteCount }
    }
    guard !groups.isEmpty else { return }
    groups[groups.count - 1].objects.append(object)
    byteCount += object.byteCount
    trim(now)
  }

  /// Gives everything away, the oldest first, and is empty.
  package mutating func drain() -> [Group] {
    defer { groups = [] }
    byteCount = 0
    return groups
  }

  /// Lets everything go, which overwrites it.
  /// - Returns: how many bytes there were.
  @discardableResult
  package mutating func wipe() -> Int {
    let count = byteCount
    groups = []
    byteCount = 0
    return count
  }

  /// Lets the oldest group go.
  package mutating func dropOldest() {
    guard !groups.isEmpty else { return }
    byteCount -= groups.removeFirst().byteCount
  }

  private mutating func trim(_ now: UInt64) {
    while groups.count > 1, now - min(now, groups[1].began) >= limits.span { dropOldest() }
    while byteCount > limits.bytes, !groups.isEmpty {
      dropOldest()
      lostGroups += 1
    }
  }
}
