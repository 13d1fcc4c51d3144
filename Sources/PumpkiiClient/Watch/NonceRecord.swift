internal import PumpkiiSystem
package import PumpkiiWire

/// The nonces that a viewer made, and when by its own monotonic clock.
package struct NonceRecord: Sendable {
  /// ns from one to the next.
  package static let interval: UInt64 = 1_000_000_000
  /// Nonces remembered; older ones would prove nothing any more.
  private static let count = 8

  private var made: [(nonce: Nonce, at: UInt64)] = []

  /// Nothing made yet.
  package init() {}

  /// When the next is to be made (CLOCK_MONOTONIC, ns).
  package var due: UInt64 { made.last.map { $0.at + Self.interval } ?? 0 }

  /// A new nonce, when it is time for one.
  package mutating func next(now: UInt64) -> Nonce? {
    guard now >= due, let nonce = try? Nonce(SystemRandom.bytes(Nonce.byteCount)) else { return nil }
    made = made.suffix(Self.count - 1) + [(nonce, now)]
    return nonce
  }

  /// ns since it was made; nil for one of somebody else.
  package func age(of nonce: Nonce, now: UInt64) -> UInt64? {
    made.last { $0.nonce == nonce }.map { now - min($0.at, now) }
  }
}
