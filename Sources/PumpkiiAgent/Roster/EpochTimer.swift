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
  /// The clock is looked at this often, s.
  private static let look = 5.0

  private let link: DeviceLink
  private let keeper: RosterKeeper
  private let logger: Logger

  package init(link: DeviceLink, keeper: RosterKeeper, logger: Logger) {
    self.link = link
    self.keeper = keeper
    self.logger = logger
  }

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var anchor = WallClockAnchor()
      while !Task.isCancelled {
        let now = Clocks.unixMicroseconds()
        let next = await keeper.nextChange(epochLength: Self.epochLength)
        let pause = next.map { min(Self.look, Double($0 > now ? $0 - now : 0) / 1e6) } ?? Self.look
        try? await Task.sleep(for: .seconds(max(pause, 0.01)))
        if Task.isCancelled { return }
        if abs(anchor.step) > Self.clockStep {
          anchor = WallClockAnchor()
          await rotate(.clockStep)
        } else if let reason = await due(next) {
          await rotate(reason)
        }
      }
    }
  }

  private func due(_ instant: UInt64?) async -> KeyHead.Reason? {
    if let reason = await keeper.refreshStanding() { return reason }
    guard let instant, Clocks.unixMicroseconds() >= instant else { return nil }
    return .timer
  }

  private func rotate(_ reason: KeyHead.Reason) async {
    do {
      try await link.put(try await keeper.rotate(reason))
    } catch {
      logger.warning("a new epoch could not be announced: \(error)")
    }
  }
}
