/// A device made of a profile: a camera, a microphone or both, on one clock and one cable.
///
/// Its files are looked at when it is made, and its sensors are opened only by whoever holds a lease on them.
public final class SimulatedDevice: Sendable {
  /// What it was made of.
  public let profile: DeviceProfile
  /// Nil when the profile has none.
  package let camera: FakeCamera?
  /// Nil when the profile has none.
  package let microphone: FakeMicrophone?
  /// When its sensors were opened and closed.
  public let log: SensorLog
  private let plug: DevicePlug

  /// Makes the device, plugged in and closed.
  /// - Throws: ``SimulationError`` for files that cannot be played, with the line that converts them.
  public init(_ profile: DeviceProfile, clock: any SimulatedClock = RealClock()) throws(SimulationError) {
    self.profile = profile
    log = SensorLog()
    plug = DevicePlug()
    let parts = DeviceParts(
      name: profile.name, seed: profile.seed, clock: clock, time: DeviceTime(), plug: plug, log: log)
    if let part = profile.camera {
      camera = FakeCamera(part, plan: try CameraPlan(part, of: profile), device: parts)
    } else {
      camera = nil
    }
    if let part = profile.microphone {
      microphone = FakeMicrophone(part, plan: try SoundPlan(part, of: profile), device: parts)
    } else {
      microphone = nil
    }
  }

  /// Pulls the cable: open sensors are gone, and opening fails until ``plugIn()``.
  public func unplug() { plug.pull(until: .max) }

  /// Moves the camera's privacy shutter, where its profile has one; it stays so through openings.
  public func setShutter(closed: Bool) { camera?.setShutter(closed: closed) }

  /// Puts the cable back in. Sensors must be opened anew.
  public func plugIn() { plug.putBack() }
}
