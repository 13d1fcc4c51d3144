internal import Synchronization

/// Which encoders failed lately, so that the next camera or the next opening does not wait for the same failure. One
/// for the whole program.
package final class EncoderMemory: Sendable {
  private struct Entry {
    var failures: UInt64
    var forgottenAt: UInt64
  }

  private let pause: UInt64
  private let entries = Mutex<[String: Entry]>([:])

  /// - Parameter pause: ns after which a failed encoder is tried again; doubled with each failure, up to 64 times.
  package init(pause: UInt64 = 60_000_000_000) { self.pause = pause }

  /// How often each encoder failed.
  package var failures: [String: UInt64] { entries.withLock { $0.mapValues(\.failures) } }

  /// Whether an encoder is to be left alone at `now` (CLOCK_MONOTONIC, ns).
  package func avoids(_ name: String, now: UInt64) -> Bool {
    entries.withLock { now < ($0[name]?.forgottenAt ?? 0) }
  }

  func failed(_ name: String, now: UInt64) {
    entries.withLock { entries in
      let count = (entries[name]?.failures ?? 0) + 1
      let factor = UInt64(1) << min(count - 1, 6)
      entries[name] = Entry(failures: count, forgottenAt: now &+ pause &* factor)
    }
  }
}
