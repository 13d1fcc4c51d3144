internal import PumpkiiSystem
internal import Synchronization

/// Token buckets in memory, bounded in number. A bucket that is full again is forgotten, which is also when the address
/// it was counted under is.
package final class RateLimiter: Sendable {
  /// So many at once, so many a second after that.
  package typealias Rate = RelayConfiguration.Rate

  private struct Bucket {
    var tokens: Double
    var time: UInt64
    var rate: Rate
  }

  private let buckets = Mutex<[String: Bucket]>([:])
  let capacity: Int

  /// A limiter that has counted nobody.
  package init(capacity: Int = 1 << 16) { self.capacity = capacity }

  /// Buckets that are held.
  package var count: Int { buckets.withLock { $0.count } }

  /// Takes tokens, all or none; more than a full bucket holds count as a full one. `now` is in ns of the one clock that
  /// all buckets run by.
  /// - Returns: nil when there were as many, else the seconds until there are.
  package func take(_ key: String, _ rate: Rate, count: Int = 1, now: UInt64 = Clocks.monotonic()) -> Int? {
    buckets.withLock { buckets in
      if buckets.count >= capacity, buckets[key] == nil { forget(&buckets, now) }
      // Beyond the capacity strangers share one bucket: a flood of addresses slows itself.
      let key = buckets.count >= capacity && buckets[key] == nil ? "" : key
      var bucket = refilled(buckets[key] ?? Bucket(tokens: rate.burst, time: now, rate: rate), now)
      defer { buckets[key] = bucket }
      let wanted = min(Double(count), bucket.rate.burst)
      guard bucket.tokens >= wanted else {
        return max(1, Int(((wanted - bucket.tokens) / bucket.rate.perSecond).rounded(.up)))
      }
      bucket.tokens -= wanted
      return nil
    }
  }

  /// Forgets the buckets that are full.
  package func sweep(now: UInt64 = Clocks.monotonic()) { buckets.withLock { forget(&$0, now) } }

  private func forget(_ buckets: inout [String: Bucket], _ now: UInt64) {
    buckets = buckets.filter { refilled($0.value, now).tokens < $0.value.rate.burst }
  }

  private func refilled(_ bucket: Bucket, _ now: UInt64) -> Bucket {
    var bucket = bucket
    // Two threads may read the clock in one order and come here in the other.
    let seconds = now > bucket.time ? Double(now - bucket.time) / 1e9 : 0
    bucket.tokens = min(bucket.rate.burst, bucket.tokens + seconds * bucket.rate.perSecond)
    bucket.time = max(now, bucket.time)
    return bucket
  }
}
