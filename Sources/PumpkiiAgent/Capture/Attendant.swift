package import Logging
internal import PumpkiiPolicy
package import PumpkiiSystem
package import PumpkiiWire
internal import ServiceLifecycle
internal import Synchronization

/// The shell around ``Attention``: watches who wants what and what is allowed, and turns the sensors on and off.
package final class Attendant: Service, Sendable {
  private let inputs: Published<Attention.Inputs>
  private let standing: Published<Standing>
  private let gate: Gate
  private let attention: Mutex<Attention>
  private let ledger: LedgerWriter?
  private let logger: Logger?
  /// Why each class that is wanted does not come, as it was said last.
  private let told = Mutex<[MediaClass: String]>([:])
  package let directive = Published(Attention.Directive())
  package let camera = SensorSwitch()
  package let microphone = SensorSwitch()

  package init(
    standing: Published<Standing>, gate: Gate, settings: Attention.Settings = Attention.Settings(),
    ledger: LedgerWriter? = nil, logger: Logger? = nil
  ) {
    self.standing = standing
    self.gate = gate
    self.ledger = ledger
    self.logger = logger
    inputs = Published(Attention.Inputs())
    attention = Mutex(Attention(settings: settings))
  }

  /// The relay says which classes anybody wants.
  package func setWanted(_ wanted: ClassMask) {
    let began = inputs.update { inputs in
      defer { inputs.wanted = wanted }
      return inputs.wanted.isEmpty && !wanted.isEmpty
    }
    if began { ledger?.record("wanted", ["t": .count(Clocks.unixMicroseconds())]) }
    refresh()
  }

  package func setConnected(_ isConnected: Bool) {
    inputs.update { $0.isConnected = isConnected }
    refresh()
  }

  /// The agent ends: the uplink drains and closes, and nothing opens any more.
  package func retire() {
    inputs.update { $0.isRetired = true }
    refresh()
  }

  /// The standing changed: what is denied now stops before this returns.
  package func standingChanged() { refresh() }

  /// Classes that are to be sealed now.
  package var live: ClassMask { directive.value.live }

  /// Classes that somebody wants, allowed or not.
  package var wanted: ClassMask { inputs.value.wanted }

  /// Turns linger times into changes; everything else is done at once by whoever brings the change.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let seen = await self.inputs.next(after: 0).version
        let changesAt = self.refresh()
        await self.inputs.wait(for: changesAt, orChangeAfter: seen)
      }
    }
  }

  @discardableResult
  private func refresh() -> UInt64? {
    defer { explain(inputs.value.wanted) }
    return attention.withLock { attention in
      var inputs = inputs.value
      // Asked under the lock: an answer from before a change must not be acted on after it.
      inputs.cameraAllowed = gate.denial(.keepSensor, sensor: .sensorCamera) == nil
      inputs.microphoneAllowed = gate.denial(.keepSensor, sensor: .sensorMicrophone) == nil
      let (next, changesAt) = attention.decide(inputs, now: Clocks.monotonic())
      if directive.value != next { directive.set(next) }
      camera.set(next.camera)
      microphone.set(next.microphone)
      return changesAt
    }
  }

  /// Says why something that is wanted does not come: each reason once, not at every look.
  private func explain(_ wanted: ClassMask) {
    guard let logger else { return }
    for media in wanted.classes {
      let reason = gate.wouldDeny(media)?.reason
      let isNews = told.withLock { told in
        defer { told[media] = reason }
        return told[media] != reason
      }
      if isNews, let reason { logger.notice("\(media.name) is wanted and denied: \(reason)") }
    }
  }
}
