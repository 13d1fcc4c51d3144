internal import ServiceLifecycle
internal import Synchronization

/// What comes round by the clock: heartbeats, rights that begin or end by themselves, what has run out, the ledger.
struct Housekeeper: Service {
  let relay: Relay

  func run() async throws {
    do {
      try await cancelWhenGracefulShutdown { try await work() }
    } catch is CancellationError {
      return
    }
  }

  private func work() async throws {
    let tick = Duration.milliseconds(500)
    var (sinceBeat, ticks) = (Duration.zero, 0)
    while true {
      try await Task.sleep(for: min(tick, relay.configuration.limits.heartbeat))
      ticks += 1
      sinceBeat += min(tick, relay.configuration.limits.heartbeat)
      do { try relay.ledger?.flush() } catch { relay.log.failure(error) }
      relay.hints.flush()
      if ticks.isMultiple(of: 2) { await relay.refreshWatched() }
      if sinceBeat >= relay.configuration.limits.heartbeat {
        sinceBeat = .zero
        relay.live.beat()
        relay.events.beat()
      }
      if ticks.isMultiple(of: 120) { await sweep() }
    }
  }

  private func sweep() async {
    do { try await relay.clips.expire(now: Relay.now) } catch { relay.log.failure(error) }
    do { try await relay.forgetOldReports(now: Relay.now) } catch { relay.log.failure(error) }
    relay.limiter.sweep()
    relay.logins.withLock { $0.forget(now: Relay.uptime) }
    relay.pairing.forget()
    let lost = relay.hints.lost
    if lost > 0 { relay.log.note("hints lost", ["count": lost]) }
  }
}
