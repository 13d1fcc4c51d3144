package import PumpkiiWire

/// What the caches of all rooms hold together, and whose gives way when that is too much: those that nobody watches go
/// first, the one that was silent longest before the others; when only watched ones are left, the one that grew.
package struct CacheBook: Sendable {
  /// How much of a cache is given back.
  package enum Part: Sendable, Equatable {
    /// The groups; newcomers wait for the next ones.
    case groups
    /// The init objects too; newcomers wait for the next segment.
    case all
  }

  /// One room that gives way.
  package struct Shedding: Sendable, Equatable {
    /// Whose room.
    package let device: DeviceID
    /// What it gives back.
    package let part: Part

    /// A room and what it gives back.
    package init(_ device: DeviceID, _ part: Part) {
      self.device = device
      self.part = part
    }
  }

  private struct Line: Sendable {
    var bytes: Int
    var isWatched: Bool
    var turn: UInt64
    var hasShed = false
  }

  private let bound: Int
  private var lines: [DeviceID: Line] = [:]
  private var turn: UInt64 = 0
  /// All caches together.
  package private(set) var total = 0

  /// A book of no rooms that may hold `bound` bytes together.
  package init(bound: Int) { self.bound = bound }

  /// Notes what a room holds after a change.
  /// - Returns: the rooms that must give back; what is left of them is to be noted again.
  package mutating func note(_ device: DeviceID, bytes: Int, isWatched: Bool) -> [Shedding] {
    turn += 1
    let hadShed = lines[device]?.hasShed ?? false
    total += bytes - (lines[device]?.bytes ?? 0)
    lines[device] =
      bytes == 0 ? nil : Line(bytes: bytes, isWatched: isWatched, turn: turn, hasShed: hadShed && total > bound)
    guard total > bound, bytes > 0 else { return [] }
    // An eighth more than must be, so that not each object searches anew.
    let unwatched = victims(until: bound - bound / 8, except: device)
    if !unwatched.isEmpty { return unwatched }
    lines[device]?.hasShed = true
    return [Shedding(device, hadShed ? .all : .groups)]
  }

  private func victims(until target: Int, except device: DeviceID) -> [Shedding] {
    var left = total
    var found: [Shedding] = []
    for (other, line) in lines.filter({ !$1.isWatched && $0 != device }).sorted(by: { $0.value.turn < $1.value.turn }) {
      guard left > target else { break }
      left -= line.bytes
      found.append(Shedding(other, .all))
    }
    return found
  }
}
