package import PumpkiiCapture
internal import PumpkiiPolicy
package import PumpkiiSystem
internal import ServiceLifecycle

/// A closed privacy shutter closes the camera, and a closed camera tells nothing. So while it is closed, its shutter is
/// looked at once a second, on a thread of its own and without streaming. Where something else denies the camera as
/// well, its node stays closed and the shutter unknown.
package struct ShutterWatch: Service {
  private let camera: any Camera
  private let surroundings: Surroundings
  private let closings: Published<UInt64>
  private let pause: Duration
  private let mayLook: @Sendable () -> Bool

  /// - Parameters:
  ///   - closings: rises when the shutter closed.
  ///   - mayLook: whether nothing but the shutter denies the camera.
  package init(
    camera: any Camera, surroundings: Surroundings, closings: Published<UInt64>, pause: Duration = .seconds(1),
    mayLook: @escaping @Sendable () -> Bool
  ) {
    self.camera = camera
    self.surroundings = surroundings
    self.closings = closings
    self.pause = pause
    self.mayLook = mayLook
  }

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      while await closings.wait(until: { _ in surroundings.facts.camera.contains(.shutterClosed) }) {
        try? await Task.sleep(for: pause)
        if Task.isCancelled { return }
        guard mayLook() else { continue }
        let isClosed = await DeviceThread.run(named: "shutter") { [camera] in camera.readShutter() }
        // A camera that cannot say is believed to be open again: the next opening tells.
        if isClosed != true { surroundings.set(.shutterClosed, of: .sensorCamera, to: false) }
      }
    }
  }
}
