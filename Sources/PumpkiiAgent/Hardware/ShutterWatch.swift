internal import PumpkiiCapture
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import ServiceLifecycle

/// A closed privacy shutter closes the camera, and a closed camera tells nothing. So while it is closed, its shutter is
/// looked at once a second, on a thread of its own and without streaming.
struct ShutterWatch: Service {
  let camera: any Camera
  let surroundings: Surroundings
  /// Rises when the shutter closed.
  let closings: Published<UInt64>

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      while await closings.wait(until: { _ in surroundings.facts.camera.contains(.shutterClosed) }) {
        try? await Task.sleep(for: .seconds(1))
        if Task.isCancelled { return }
        let isClosed = await DeviceThread.run(named: "shutter") { [camera] in camera.readShutter() }
        // A camera that cannot say is believed to be open again: the next opening tells.
        if isClosed != true { surroundings.set(.shutterClosed, of: .sensorCamera, to: false) }
      }
    }
  }
}
