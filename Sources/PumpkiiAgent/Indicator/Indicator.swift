package import Logging
package import PumpkiiCapture
package import PumpkiiSystem
package import PumpkiiWire
internal import ServiceLifecycle
internal import Synchronization

/// Shows people that a sensor is open. It follows what is open, never what is meant to be: the sessions that report
/// themselves, at once, and every second the descriptors of this process, however they came to be. Nothing in a
/// configuration turns it off; without an output its state is in the status and the log. List it before the sensors, so
/// that it ends after them.
package final class Indicator: Service, Sendable {
  /// For the status.
  package struct State: Sendable, Equatable {
    /// What is open.
    package var open: Set<SensorIdentity.Kind> = []
    /// Outputs that do not show it, by name.
    package var failing: Set<String> = []
    /// How often an output failed.
    package var failures: UInt64 = 0
    /// False while the kernel's list of descriptors cannot be read.
    package var isScanning = true
  }

  package let state = Published(State())
  private let sensors: OpenSensors
  private let scan: SensorScan
  private let outputs: [any IndicatorOutput]
  private let logger: Logger
  private let note: @Sendable (AuditRecord) -> Void
  private let look: Duration
  /// What each output shows; nil for one that was not reached yet. Also keeps looks one after the other.
  private let shown = Mutex<[String: Bool]>([:])

  /// - Parameters:
  ///   - look: how often descriptors are looked at.
  ///   - note: gets what belongs into the decision log.
  package init(
    sensors: OpenSensors, outputs: [any IndicatorOutput], logger: Logger, scan: SensorScan = SensorScan(),
    look: Duration = .seconds(1), note: @escaping @Sendable (AuditRecord) -> Void = { _ in }
  ) {
    self.sensors = sensors
    self.outputs = outputs
    self.logger = logger
    self.scan = scan
    self.look = look
    self.note = note
  }

  /// Follows until graceful shutdown, and once more after it.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    if outputs.isEmpty {
      logger.notice(
        "no indicator is configured: only status and log show that a sensor is open",
        metadata: ["advice": "name a light, a line or a command under indicator in agent.yaml"])
    }
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let seen = await self.sensors.counts.next(after: 0).version
        await self.follow()
        await self.wait(after: seen)
      }
    }
    await follow()
  }

  private func wait(after seen: UInt64) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await self.sensors.counts.next(after: seen) }
      group.addTask { try? await Task.sleep(for: self.look) }
      await group.next()
      group.cancelAll()
    }
  }

  /// Looks and shows, on a thread of its own.
  package func follow() async { await DeviceThread.run(named: "indicator") { self.followNow() } }

  private func followNow() {
    shown.withLock { shown in
      let open = sensors.kinds.union(scanned())
      let before = state.value.open
      if open != before {
        state.update { $0.open = open }
        note(.indicator((open.contains(.camera) ? 1 : 0) | (open.contains(.microphone) ? 2 : 0)))
      }
      let isOn = !open.isEmpty
      for output in outputs where shown[output.name] != isOn || !output.stillShows(isOn) {
        show(isOn, on: output, &shown)
      }
    }
  }

  private func show(_ isOn: Bool, on output: any IndicatorOutput, _ shown: inout [String: Bool]) {
    do throws(SystemError) {
      try output.show(isOn)
      shown[output.name] = isOn
      if state.value.failing.contains(output.name) {
        state.update { _ = $0.failing.remove(output.name) }
        logger.notice("the indicator's output \(output.name) works again")
      }
    } catch {
      shown[output.name] = nil
      let isNew = state.update { state in
        state.failures += 1
        return state.failing.insert(output.name).inserted
      }
      guard isNew else { return }
      logger.error("the indicator's output \(output.name) does not work: \(error)")
      note(.indicatorFailed(output.name))
    }
  }

  /// What descriptors say; where they cannot be read, what they said last.
  private func scanned() -> Set<SensorIdentity.Kind> {
    do throws(SystemError) {
      let kinds = try scan.kinds()
      if !state.value.isScanning { state.update { $0.isScanning = true } }
      return kinds
    } catch {
      if state.value.isScanning {
        state.update { $0.isScanning = false }
        logger.error("the indicator cannot see which devices are open: \(error)")
      }
      return state.value.open
    }
  }
}
