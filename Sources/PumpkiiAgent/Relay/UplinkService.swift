package import Logging
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire
internal import ServiceLifecycle

/// Carries sealed objects to the relay while somebody wants them: one connection of its own, the outbox's bytes up, the
/// relay's acknowledgements down.
package struct UplinkService: Service {
  package struct Parts: Sendable {
    package var link: DeviceLink
    package var outbox: Outbox
    package var desk: SealingDesk
    package var attendant: Attendant
    package var logger: Logger
  }

  private let parts: Parts

  package init(parts: Parts) { self.parts = parts }

  /// Returns at graceful shutdown, after the last objects are acknowledged or a second has passed.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await withTaskCancellationOrGracefulShutdownHandler {
      var backoff = Backoff()
      while await parts.attendant.directive.wait(until: { $0.uplink || $0.isRetired }) {
        if parts.attendant.directive.value.isRetired { return }
        do {
          try await carry()
          backoff.reset()
        } catch {
          if Task.isCancelled { return }
          parts.logger.warning("uplink: \(error)")
          try? await Task.sleep(for: backoff.next())
        }
      }
    } onCancelOrGracefulShutdown: {
      parts.attendant.retire()
    }
  }

  private func carry() async throws {
    let uplink = try await parts.link.connection.uplink(device: parts.link.device, cargo: parts.outbox)
    defer {
      parts.attendant.setConnected(false)
      parts.outbox.close()
    }
    parts.outbox.attach { [outbox = parts.outbox] in if outbox.isOverflowed { uplink.abandon() } else { uplink.wake() }
    }
    try parts.desk.connect()
    parts.attendant.setConnected(true)
    do {
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
          for try await _ in uplink.acknowledgements {}
          throw TransportError(.closed, "the relay ended the uplink")
        }
        group.addTask { await finishWhenUnwanted() }
        group.addTask { try await beat() }
        try await group.next()
        group.cancelAll()
      }
    } catch {
      uplink.close()
      throw error
    }
    uplink.close()
  }

  /// A sensor that is denied or gone sends nothing; the relay must still know that somebody is here.
  private func beat() async throws {
    while true {
      try await Task.sleep(for: .seconds(5))
      parts.outbox.beat()
    }
  }

  /// Nobody watches any more: the open segments end, and what waits is carried before the connection goes.
  private func finishWhenUnwanted() async {
    guard await parts.attendant.directive.wait(until: { !$0.uplink }) else { return }
    try? parts.desk.pause()
    for _ in 0..<100 where !parts.outbox.isIdle { try? await Task.sleep(for: .milliseconds(10)) }
  }
}
