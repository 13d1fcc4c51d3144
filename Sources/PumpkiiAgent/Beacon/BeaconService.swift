internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiWire
internal import ServiceLifecycle

/// Says how the device is, so that its viewers tell a live picture from a replayed one, and a camera that is off by
/// policy from one that is broken: over the line while it is open, else by request when a state changes.
package struct BeaconService: Service {
  private let source: BeaconSource
  private let desk: BeaconDesk
  private let outbox: Outbox
  private let link: DeviceLink
  /// Changes with everything that a beacon may have to tell.
  private let stir = Published(())

  package init(source: BeaconSource, desk: BeaconDesk, outbox: Outbox, link: DeviceLink) {
    self.source = source
    self.desk = desk
    self.outbox = outbox
    self.link = link
  }

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await follow(outbox.signals) }
        group.addTask { await follow(source.standing) }
        group.addTask { await follow(source.attendant.directive) }
        group.addTask { await follow(source.report.situations) }
        group.addTask { await speak() }
      }
    }
  }

  private func follow<Value>(_ published: Published<Value>) async {
    var seen: UInt64 = 0
    while !Task.isCancelled {
      seen = await published.next(after: seen).version
      stir.set(())
    }
  }

  private func speak() async {
    var pace = BeaconPace()
    while !Task.isCancelled {
      let seen = await stir.next(after: 0).version
      let inputs = BeaconPace.Inputs(
        signals: outbox.signals.value, states: source.states, isPaired: source.standing.value.isPaired)
      let (way, again) = pace.decide(inputs, now: Clocks.monotonic())
      switch way {
      case .line: outbox.accept(desk.make(inputs.states, challenge: inputs.signals.challenge))
      case .request: if await !tell(inputs.states) { pace.requestFailed(now: Clocks.monotonic()) }
      case nil: await stir.wait(for: again, orChangeAfter: seen)
      }
    }
  }

  /// Nobody watches; who asks how the camera is shall know all the same.
  private func tell(_ states: BeaconState.Pair) async -> Bool {
    do {
      try await link.put(desk.make(states, challenge: nil))
      return true
    } catch {
      return false
    }
  }
}

extension Published {
  /// Waits until the value is newer than `version` or `instant` (CLOCK_MONOTONIC, ns; nil for never) has come.
  func wait(for instant: UInt64?, orChangeAfter version: UInt64) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await self.next(after: version) }
      if let instant {
        let now = Clocks.monotonic()
        let pause = instant > now ? instant - now : 0
        group.addTask { try? await Task.sleep(for: .nanoseconds(Int64(clamping: pause) + 1_000_000)) }
      }
      await group.next()
      group.cancelAll()
    }
  }
}
