package import PumpkiiSystem
internal import PumpkiiV4L2
internal import ServiceLifecycle

/// Watches cameras and sound cards come and go, so that a sensor that was unplugged is taken up again at once and not
/// at the end of a pause.
package struct HotplugService: Service {
  /// Counts changes; whoever waits for a device waits for the next one.
  package let arrivals = Published<UInt64>(0)
  private let monitor = DeviceMonitor()

  package init() {}

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await withTaskCancellationOrGracefulShutdownHandler {
      let (monitor, arrivals) = (monitor, arrivals)
      await DeviceThread.run(named: "hotplug") { monitor.run { arrivals.update { $0 += 1 } } }
    } onCancelOrGracefulShutdown: {
      monitor.stop()
    }
  }
}
