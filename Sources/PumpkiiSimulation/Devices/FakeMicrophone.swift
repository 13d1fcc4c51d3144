package import PumpkiiCapture

/// A microphone made of a profile, with a period, a ring that overruns, and a clock of its own.
package final class FakeMicrophone: Microphone {
  /// `fake-` and the profile's name.
  package let identity: SensorIdentity
  /// What it delivers.
  package var format: AudioFormat { plan.format }
  let profile: MicrophoneProfile
  let plan: SoundPlan
  let slot: SensorSlot

  init(_ profile: MicrophoneProfile, plan: SoundPlan, device: DeviceParts) {
    self.profile = profile
    self.plan = plan
    slot = SensorSlot(.microphone, name: profile.name, device: device)
    identity = SensorIdentity(kind: .microphone, id: "fake-\(device.name)-microphone", name: profile.name)
  }

  /// Opens it as a driver would.
  /// - Throws: ``CaptureError`` `busy` while it is open, `gone` while it is unplugged, `unreadable` for its file.
  package func open(observer: @escaping SensorObserver) throws(CaptureError) -> any MicrophoneSession {
    try slot.open { (opening, now) throws(CaptureError) in
      try FakeMicrophoneSession(self, opening: opening, at: now)
    }
  }

  /// The same sound as levels alone.
  /// - Throws: as ``open(observer:)``.
  package func openLevels(observer: @escaping SensorObserver) throws(CaptureError) -> (any LevelSession)? {
    FakeLevelSession(try open(observer: observer))
  }
}
