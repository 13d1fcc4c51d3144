/// What was decoded at a price, for as long as it fits: two generations, of which the older is forgotten when the
/// younger one has filled its half. What is asked for stays.
package struct ByteBoundCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Held: Sendable {
    let value: Value
    let bytes: Int
  }

  private let half: Int
  private var young: [Key: Held] = [:]
  private var old: [Key: Held] = [:]
  private var youngBytes = 0
  private var oldBytes = 0

  /// A cache that holds `bound` bytes at most.
  package init(bound: Int) { half = bound / 2 }

  /// What is held, by what was said of each value.
  package var bytes: Int { youngBytes + oldBytes }

  /// The value of a key while it is held.
  package mutating func value(_ key: Key) -> Value? {
    if let held = young[key] { return held.value }
    guard let held = old[key] else { return nil }
    put(held.value, for: key, bytes: held.bytes)
    return held.value
  }

  /// Holds a value in place of the one before; one that is larger than half the bound is not held.
  package mutating func put(_ value: Value, for key: Key, bytes: Int) {
    remove(key)
    guard bytes <= half else { return }
    if youngBytes + bytes > half {
      (old, oldBytes) = (young, youngBytes)
      (young, youngBytes) = ([:], 0)
    }
    young[key] = Held(value: value, bytes: bytes)
    youngBytes += bytes
  }

  /// Forgets the value of a key.
  package mutating func remove(_ key: Key) {
    youngBytes -= young.removeValue(forKey: key)?.bytes ?? 0
    oldBytes -= old.removeValue(forKey: key)?.bytes ?? 0
  }
}
