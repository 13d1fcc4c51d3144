package import Logging
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiWire
internal import ServiceLifecycle

/// Begins a new epoch at the instants that nobody brings: rights that start or lapse, an epoch that is old, a clock that
/// stepped.
package struct EpochTimer: Service {
  /// µs after which an epoch in which something was sealed is replaced.
  private static let epochLength: UInt64 = 600_000_000
  /// µs of a clock step that begins a new epoch.
  private static let clockStep: Int64 = 60_000_000
  /// The clock is looked at this often at least, s.
  private static let look = 5.0

  /// Nil on a board without a relay.
  private let link: DeviceLink?
  private let keeper: RosterKeeper
  private let logger: Logger
  private let time: ClockGuard.Time

  package init(link: DeviceLink?, keeper: RosterKeeper, logger: Logger, time: ClockGuard.Time = ClockGuard.Time()) {
    self.link = link
    self.keeper = keeper
    self.logger = logger
    self.time = time
  }

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var lead = lead
      var failures = Backoff(first: .seconds(1), cap: .seconds(60))
      // Where a relay is, its link begins the first epoch, above what the relay holds.
      if link == nil { _ = await rotate(.start) }
      while !Task.isCancelled {
        let seen = await keeper.parts.nudges.next(after: 0).version
        let next = await keeper.nextChange(epochLength: Self.epochLength)
        if await keeper.owed == nil { await keeper.parts.nudges.wait(after: seen, atMost: Self.pause(until: next)) }
        if Task.isCancelled { return }
        let hasStepped = abs(self.lead - lead) > Self.clockStep
        if hasStepped { lead = self.lead }
        guard let reason = await due(next, hasStepped: hasStepped) else { continue }
        if await rotate(reason) {
          failures.reset()
        } else {
          // What is owed stays owed; trying a hundred times a second would only fill the log.
          try? await Task.sleep(for: failures.next())
        }
      }
    }
    if let clock = keeper.parts.clock { await DeviceThread.run(named: "clock") { clock.save() } }
  }

  /// µs by which the wall clock is ahead of the monotonic one.
  private var lead: Int64 { Int64(bitPattern: time.wall() &- time.monotonic() / 1000) }

  private static func pause(until instant: UInt64?) -> Duration {
    let now = Clocks.unixMicroseconds()
    let left = instant.map { Double($0 > now ? $0 - now : 0) / 1e6 } ?? look
    return .seconds(max(min(look, left), 0.01))
  }

  /// What holds is brought up to date first, also when the clock stepped: what its new time denies must not wait.
  private func due(_ instant: UInt64?, hasStepped: Bool) async -> KeyHead.Reason? {
    if let reason = await keeper.refreshStanding() { return reason }
    if hasStepped { return .clockStep }
    guard let instant, Clocks.unixMicroseconds() >= instant else { return nil }
    return .timer
  }

  /// - Returns: false when it failed.
  private func rotate(_ reason: KeyHead.Reason) async -> Bool {
    do {
      let message = try await keeper.rotate(reason)
      try await link?.put(message)
      return true
    } catch {
      logger.warning("a new epoch could not be announced: \(error)")
      return false
    }
  }
}
