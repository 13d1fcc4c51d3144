internal import PumpkiiCapture

/// Camera and microphone of a webcam; they outlive its replugging, so that openings are counted on.
///
/// Confined to the webcam's thread.
final class WebcamSensors {
  let model: WebcamModel
  let log: WebcamLog
  let video: VideoStream?
  let sound: SoundStream?
  /// Whether the shutter is closed: it stays so without power.
  var isShuttered = false { didSet { video?.setShutter(closed: isShuttered) } }

  init(
    _ profile: DeviceProfile, model: WebcamModel, plan: CameraPlan?, log: WebcamLog
  ) {
    self.model = model
    self.log = log
    let time = DeviceTime()
    if let camera = profile.camera, let plan {
      video = VideoStream(camera, plan: plan, model: model, seed: profile.seed, time: time, log: log)
    } else {
      video = nil
    }
    if let microphone = profile.microphone, let offered = model.microphone {
      sound = SoundStream(microphone, of: profile, channels: offered.channels, time: time, log: log)
    } else {
      sound = nil
    }
  }

  /// When something is due by itself.
  var nextDue: UInt64? { [video?.nextDue, sound?.nextDue].compactMap { $0 }.min() }

  /// Paints ahead.
  /// - Returns: whether there was something to do.
  func prepare(at now: UInt64) -> Bool { video?.prepare(at: now) ?? false }

  /// The host takes a transfer back.
  func remove(_ sequence: UInt32) -> Bool {
    video?.transfers.remove(sequence) == true || sound?.remove(sequence) == true
  }

  /// A fault begins now, at the sensor that has faults of its kind.
  func perform(_ fault: Fault) {
    let isOfSound = video == nil || fault.kind == .xrun || fault.kind == .suspend
    if isOfSound, let sound { sound.perform(fault) } else { video?.perform(fault) }
  }

  func thaw() {
    video?.thaw()
    sound?.thaw()
  }

  /// Without power.
  func stop() {
    video?.unplug()
    sound?.unplug()
  }
}
