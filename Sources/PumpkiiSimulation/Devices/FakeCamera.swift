package import PumpkiiCapture
package import PumpkiiMedia
internal import Synchronization

/// A camera made of a profile. It behaves like one behind a driver: own pace, numbers, a ring that overwrites, faults.
/// It streams in the profile's first mode.
package final class FakeCamera: Camera {
  /// `fake-` and the profile's name.
  package let identity: SensorIdentity
  /// What it delivers.
  package var format: VideoFormat { plan.format }
  let profile: CameraProfile
  let plan: CameraPlan
  let slot: SensorSlot
  /// What the script of the last opening says of the shutter at an instant, for the time after it was closed.
  let shutterAfter = Mutex<(@Sendable (UInt64) -> Bool)?>(nil)
  private let isShutByHand = Mutex(false)

  init(_ profile: CameraProfile, plan: CameraPlan, device: DeviceParts) {
    self.profile = profile
    self.plan = plan
    slot = SensorSlot(.camera, name: profile.name, device: device)
    identity = SensorIdentity(kind: .camera, id: "fake-\(device.name)", name: profile.name)
  }

  /// Opens it as a driver would.
  /// - Throws: ``CaptureError`` `busy` while it is open, `gone` while it is unplugged, `unreadable` for its files,
  ///   `frozen` where control transfers stall.
  package func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession {
    try slot.open { (opening, now) throws(CaptureError) in
      try FakeCameraSession(self, opening: opening, at: now, observer: observer)
    }
  }

  /// The script goes on while the camera is closed, as the world does.
  package func readShutter() -> Bool? {
    guard profile.hasShutter else { return nil }
    return isShut || (shutterAfter.withLock { $0 }?(slot.device.clock.now()) ?? false)
  }

  /// Whether somebody's hand closed the shutter, whatever the script says.
  var isShut: Bool { isShutByHand.withLock { $0 } }

  func setShutter(closed: Bool) { isShutByHand.withLock { $0 = closed } }

  /// The picture that a mark belongs to, painted again for comparing; nil for a film, which paints nothing.
  package func picture(_ mark: FrameMark) -> PlanarImage? { plan.painter()?.view(mark) }
}
