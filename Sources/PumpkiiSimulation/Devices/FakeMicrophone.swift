package import PumpkiiCapture
internal import Synchronization

/// A microphone made of a profile, with a period, a ring that overruns, and a clock of its own.
package final class FakeMicrophone: Microphone {
  /// `fake-` and the profile's name.
  package let identity: SensorIdentity
  /// What it delivers.
  package var format: AudioFormat { plan.format }
  let profile: MicrophoneProfile
  let plan: SoundPlan
  let device: DeviceParts
  private struct State {
    var isOpen = false
    var openings = 0
  }
  private let state = Mutex(State())

  init(_ profile: MicrophoneProfile, plan: SoundPlan, device: DeviceParts) {
    self.profile = profile
    self.plan = plan
    self.device = device
    identity = SensorIdentity(kind: .microphone, id: "fake-\(device.name)", name: profile.name)
  }

  /// Opens it as a driver would.
  /// - Throws: ``CaptureError`` `busy` while it is open, `gone` while it is unplugged, `unreadable` for its file.
  package func open(observer: @escaping SensorObserver) throws(CaptureError) -> any MicrophoneSession {
    let opening = state.withLock { state -> Int? in
      guard !state.isOpen else { return nil }
      state.isOpen = true
      state.openings += 1
      return state.openings
    }
    let now = device.clock.now()
    guard let opening else {
      device.log.add(.microphone, .refused, at: now)
      throw CaptureError(.busy, "\(profile.name) is in use", advice: "Close the program that has it open.")
    }
    do throws(CaptureError) {
      let session = try FakeMicrophoneSession(self, opening: opening, at: now)
      device.log.add(.microphone, .opened, at: now)
      return session
    } catch {
      state.withLock { state in
        state.isOpen = false
        state.openings -= 1
      }
      device.log.add(.microphone, .refused, at: now)
      throw error
    }
  }

  func closed(at now: UInt64) {
    state.withLock { $0.isOpen = false }
    device.time.leave()
    device.log.add(.microphone, .closed, at: now)
  }
}
