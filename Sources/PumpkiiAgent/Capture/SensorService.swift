package import PumpkiiCapture
package import PumpkiiSystem
internal import ServiceLifecycle

/// Keeps one sensor open while the attendant's directive says so, on a thread of its own, and tries again with growing
/// pauses when the device fails.
package struct SensorService: Service {
  private let identity: SensorIdentity
  private let directive: Published<Attention.Directive>
  private let isWanted: @Sendable (Attention.Directive) -> Bool
  private let sensor: SensorSwitch
  private let report: SensorReport
  private let arrivals: Published<UInt64>?
  private let pump: @Sendable () -> CaptureError?

  /// - Parameter arrivals: changes when a device came or went; nil where nobody watches that.
  package init(
    identity: SensorIdentity, directive: Published<Attention.Directive>,
    isWanted: @escaping @Sendable (Attention.Directive) -> Bool, sensor: SensorSwitch,
    report: SensorReport, arrivals: Published<UInt64>? = nil, pump: @escaping @Sendable () -> CaptureError?
  ) {
    self.identity = identity
    self.directive = directive
    self.isWanted = isWanted
    self.sensor = sensor
    self.report = report
    self.arrivals = arrivals
    self.pump = pump
  }

  /// Returns at graceful shutdown, after the device is closed.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await withTaskCancellationOrGracefulShutdownHandler {
      var pause = 1.0
      // Asked after the wait as well: what ends by being retired must not open a sensor once more.
      while await directive.wait(until: { isWanted($0) || sensor.isRetired }), !sensor.isRetired {
        guard let failure = await DeviceThread.run(named: identity.kind.rawValue, pump) else {
          pause = 1
          // The directive follows within moments; without this a refused lease would spin.
          try? await Task.sleep(for: .milliseconds(20))
          continue
        }
        report.failed(identity, failure)
        let hasNews = await wait(atMost: pause)
        pause = hasNews ? 1 : min(pause * 2, 10)
      }
    } onCancelOrGracefulShutdown: {
      sensor.retire()
      directive.update { _ in }
    }
  }

  /// Waits for a device to come, or for the end of the pause. A burst of news (a camera makes several nodes, and their
  /// rights follow) counts once.
  private func wait(atMost pause: Double) async -> Bool {
    guard let arrivals else {
      try? await Task.sleep(for: .seconds(pause))
      return false
    }
    let seen = await arrivals.next(after: 0).version
    return await withTaskGroup(of: Bool.self) { group in
      group.addTask {
        _ = await arrivals.next(after: seen)
        try? await Task.sleep(for: .milliseconds(200))
        return !Task.isCancelled
      }
      group.addTask {
        try? await Task.sleep(for: .seconds(pause))
        return false
      }
      let first = await group.next() ?? false
      group.cancelAll()
      return first
    }
  }
}
