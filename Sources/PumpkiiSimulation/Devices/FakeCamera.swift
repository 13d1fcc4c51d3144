package import PumpkiiCapture
package import PumpkiiMedia
internal import Synchronization

/// A camera made of a profile. It behaves like one behind a driver: own pace, numbers, a ring that overwrites, faults.
package final class FakeCamera: Camera {
  /// `fake-` and the profile's name.
  package let identity: SensorIdentity
  /// What it delivers.
  package var format: VideoFormat { plan.format }
  let profile: CameraProfile
  let plan: CameraPlan
  let device: DeviceParts
  private struct State {
    var isOpen = false
    var openings = 0
  }
  private let state = Mutex(State())

  init(_ profile: CameraProfile, plan: CameraPlan, device: DeviceParts) {
    self.profile = profile
    self.plan = plan
    self.device = device
    identity = SensorIdentity(kind: .camera, id: "fake-\(device.name)", name: profile.name)
  }

  /// Opens it as a driver would.
  /// - Throws: ``CaptureError`` `busy` while it is open, `gone` while it is unplugged, `unreadable` for its files.
  package func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession {
    let opening = state.withLock { state -> Int? in
      guard !state.isOpen else { return nil }
      state.isOpen = true
      state.openings += 1
      return state.openings
    }
    let now = device.clock.now()
    guard let opening else {
      device.log.add(.camera, .refused, at: now)
      throw CaptureError(.busy, "\(profile.name) is in use", advice: "Close the program that has it open.")
    }
    do throws(CaptureError) {
      let session = try FakeCameraSession(self, opening: opening, at: now)
      device.log.add(.camera, .opened, at: now)
      return session
    } catch {
      state.withLock { state in
        state.isOpen = false
        // An opening that failed is none: faults count those that worked.
        state.openings -= 1
      }
      device.log.add(.camera, .refused, at: now)
      throw error
    }
  }

  func closed(at now: UInt64) {
    state.withLock { $0.isOpen = false }
    device.time.leave()
    device.log.add(.camera, .closed, at: now)
  }

  /// The picture that a mark belongs to, painted again for comparing; nil for a film, which paints nothing.
  package func picture(_ mark: FrameMark) -> PlanarImage? { plan.painter()?.view(mark) }
}

/// What the sensors of one device share.
struct DeviceParts: Sendable {
  let name: String
  let seed: UInt64
  let clock: any SimulatedClock
  let time: DeviceTime
  let plug: DevicePlug
  let log: SensorLog
}
