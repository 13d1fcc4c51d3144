package import PumpkiiPolicy
package import PumpkiiSystem
package import PumpkiiWire
internal import Synchronization

/// Counts every unit a sensor made, each exactly once: a video frame, or 20 ms of sound. The ledger gets a line a unit
/// when there is one; the counters are always there.
package final class UnitAccount: Sendable {
  /// How a unit ended before it was sealed.
  package enum Drop: String, Sendable, CaseIterable {
    /// The driver's queue overwrote it before we collected it.
    case driver
    /// It could not be decoded.
    case decode
    /// The encoder skipped it to keep its bitrate.
    case encoder
    /// It is a part of a picture that a later unit completes.
    case joined
    /// Nobody watched this class.
    case unwatched
    /// The sensor closed with the unit on its way.
    case shutdown
  }

  /// Units since the start, by how they ended.
  package struct Counts: Sendable, Equatable {
    package var sealed: UInt64 = 0
    package var denied: UInt64 = 0
    /// The same by the flag that denied.
    package var deniedBy: [String: UInt64] = [:]
    package var dropped: [Drop: UInt64] = [:]
    package var captured: UInt64 { sealed + denied + dropped.values.reduce(0, +) }
    package init() {}
  }

  private let track: String
  private let ledger: LedgerWriter?
  private let counts = Mutex(Counts())

  package init(_ media: MediaClass, ledger: LedgerWriter?) {
    track = media.name
    self.ledger = ledger
  }

  package var current: Counts { counts.withLock { $0 } }

  /// - Parameter uses: what the object was cleared for.
  package func sealed(_ sequence: UInt64, at position: SealedPosition, captureTime: UInt64, for uses: Uses) {
    counts.withLock { $0.sealed += 1 }
    ledger?.record(
      "unit",
      [
        "track": .text(track), "sequence": .count(sequence), "outcome": "sealed", "reason": .null,
        "kid": .text(Outbox.hex(position.kid.rawValue)), "index": .number(Int64(position.index)),
        "capture_us": .count(captureTime), "t": .count(Clocks.unixMicroseconds()),
        "uses": .list(Use.allCases.filter(uses.contains).map { "\($0)" }),
      ])
  }

  /// An object holds nothing but silence in place of units that ended as lost: none was sealed in it.
  package func filled(at position: SealedPosition) {
    ledger?.record(
      "filled",
      [
        "track": .text(track), "kid": .text(Outbox.hex(position.kid.rawValue)), "index": .number(Int64(position.index)),
      ])
  }

  /// The gate refused it, for this flag.
  package func denied(_ sequence: UInt64, flag: String) {
    counts.withLock { counts in
      counts.denied += 1
      counts.deniedBy[flag, default: 0] += 1
    }
    end(sequence, "denied", flag)
  }

  /// It ended unsealed for no want of permission.
  package func dropped(_ sequence: UInt64, _ reason: Drop) {
    counts.withLock { $0.dropped[reason, default: 0] += 1 }
    end(sequence, "dropped", reason.rawValue)
  }

  private func end(_ sequence: UInt64, _ outcome: String, _ reason: String) {
    ledger?.record(
      "unit",
      ["track": .text(track), "sequence": .count(sequence), "outcome": .text(outcome), "reason": .text(reason)])
  }
}
