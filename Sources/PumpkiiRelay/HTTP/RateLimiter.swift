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

  /// Takes one token; `now` in ns of a monotonic clock.
  /// - Returns: nil when there was one, else the seconds until there is.
  package func take(_ key: String, _ rate: Rate, now: UInt64) -> Int? {
    buckets.withLock { buckets in
      if buckets.count >= capacity, buckets[key] == nil { forget(&buckets, now) }
      // Beyond the capacity strangers share one bucket: a flood of addresses slows itself.
      let key = buckets.count >= capacity && buckets[key] == nil ? "" : key
      var bucket = refilled(buckets[key] ?? Bucket(tokens: rate.burst, time: now, rate: rate), now)
      defer { buckets[key] = bucket }
      guard bucket.tokens >= 1 else { return max(1, Int(((1 - bucket.tokens) / bucket.rate.perSecond).rounded(.up))) }
      bucket.tokens -= 1
      return nil
    }
  }

  /// Forgets the buckets that are full.
  package func sweep(now: UInt64) { buckets.withLock { forget(&$0, now) } }

  private func forget(_ buckets: inout [String: Bucket], _ now: UInt64) {
    buckets = buckets.filter { refilled($0.value, now).tokens < $0.value.rate.burst }
  }

  private func refilled(_ bucket: Bucket, _ now: UInt64) -> Bucket {
    var bucket = bucket
    let seconds = Double(now &- bucket.time) / 1e9
    bucket.tokens = min(bucket.rate.burst, bucket.tokens + seconds * bucket.rate.perSecond)
    bucket.time = now
    return bucket
  }
}
