// What a flag bears on: a sensor, the way out, the flags beside it.
extension Flag {
  /// The sensor whose hardware stands behind the flag.
  package var sensor: Flag? {
    switch self {
    case .sensorCamera, .detectMotion: .sensorCamera
    case .sensorMicrophone, .detectSound: .sensorMicrophone
    default: nil
    }
  }

  /// Takes data off the device, so that the terms must be accepted and the risk acknowledged.
  package var leavesDevice: Bool {
    switch self {
    case .sharePhoto, .shareVideo, .shareAudio, .shareDevice, .recordCloud, .notifyEmail, .diagnosticsEnvironment,
      .diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors, .diagnosticsCrashes, .discloseConsent,
      .discloseProvider, .termsAccepted, .riskAcknowledged:
      true
    case .sensorCamera, .sensorMicrophone, .recordLocal, .detectMotion, .detectSound, .notifySystem: false
    }
  }

  /// Another flag without which this one works less well.
  struct Companion: Sendable, Equatable {
    let flag: Flag
    let loss: String
  }

  /// What makes an allowed flag worth less when it is denied; the first that is denied is told.
  var companions: [Companion] {
    switch self {
    case .shareVideo: [Companion(flag: .shareAudio, loss: "video has no sound")]
    case .recordLocal, .recordCloud:
      [
        Companion(flag: .sensorMicrophone, loss: "recordings have no sound"),
        Companion(flag: .detectMotion, loss: "motion begins no recording"),
      ]
    case .detectMotion: [Companion(flag: .notifySystem, loss: "motion is noted and nobody is told")]
    case .detectSound: [Companion(flag: .notifySystem, loss: "loud sound is noted and nobody is told")]
    case .notifyEmail, .notifySystem:
      [Companion(flag: .detectMotion, loss: "no notice tells of motion, as nothing looks for it")]
    case .shareDevice: [Companion(flag: .shareVideo, loss: "a guest controls what it cannot watch")]
    case .diagnosticsErrors, .diagnosticsCrashes:
      [Companion(flag: .diagnosticsEnvironment, loss: "reports do not say on what system it happened")]
    default: []
    }
  }
}
