import PumpkiiPolicy

/// What somebody outside the agent sees of a path: the hardware, the disk, the wire, the relay, the screen. Never the
/// agent's own word.
enum Effect: String, CaseIterable, Sendable {
  /// The sensor is open, by the fake device's own log.
  case camera
  case microphone
  /// Objects that a guest got through the relay and opened.
  case video
  case audio
  case photo
  /// The guest stands in the newest key message that the relay holds, with this class.
  case videoKey
  case audioKey
  case photoKey
  /// Objects in the spool's files.
  case recordedVideo
  case recordedAudio
  /// Clips that the relay holds.
  case clips
  /// The preview shows what the camera sees, and not an off picture.
  case preview
  /// Motion or loudness that the owner heard of, and the sensor that is open for it alone.
  case motion
  case sound
  /// What a clip begins with, from before it was asked for. What waits for the way to the relay is no effect of its own:
  /// on loopback the kernel takes more than that queue may hold, so nobody outside sees it wait. QueueGuardTests look at
  /// what leaves the queue, byte by byte.
  case preRoll
  /// What the program that shows notices was started with.
  case notice
  /// Kinds of the report that the relay holds of the camera.
  case report
  /// A guest's wish that the camera took.
  case control
}

/// Where an enforcement point is shown, for a flag.
enum Evidence: Equatable {
  case by(Set<Effect>)
  /// The relay's own work is not there yet; nothing here counts it as shown.
  case relayPending
  /// There is nothing that the point could stop; it is asked for the day on which there is. Not counted as shown either.
  case nothingToStop
}

extension Flag {
  /// What is gone while this flag alone is denied. A new flag does not compile without its line.
  var effects: Set<Effect> {
    switch self {
    case .sensorCamera: [.camera, .video, .photo, .recordedVideo, .preview, .motion, .preRoll]
    case .sensorMicrophone: [.microphone, .audio, .recordedAudio, .sound, .preRoll]
    case .recordLocal: [.recordedVideo, .recordedAudio, .clips, .preRoll]
    case .recordCloud: [.clips]
    case .detectMotion: [.motion]
    case .detectSound: [.sound]
    case .sharePhoto: [.photo, .photoKey]
    case .shareVideo: [.video, .videoKey]
    case .shareAudio: [.audio, .audioKey]
    case .shareDevice: [.control]
    case .notifyEmail: []
    case .notifySystem: [.notice]
    case .diagnosticsEnvironment, .diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors,
      .diagnosticsCrashes:
      [.report]
    case .discloseConsent, .discloseProvider: []
    case .termsAccepted, .riskAcknowledged: [.video, .audio, .photo, .videoKey, .audioKey, .photoKey, .clips, .report]
    }
  }
}

extension Point {
  /// What shows that a flag is enforced here. A new point does not compile without its line.
  func evidence(for flag: Flag) -> Evidence {
    switch self {
    case .openSensor, .keepSensor: .by([.camera, .microphone, .motion, .sound])
    case .seal: .by([.video, .audio, .photo, .motion, .sound])
    case .giveKey: .by([.videoKey, .audioKey, .photoKey, .control])
    case .keepQueue: .by([.preRoll])
    case .record: .by([.recordedVideo, .recordedAudio])
    case .upload: .by([.clips, .video, .audio, .photo])
    case .notify: flag == .notifyEmail ? .relayPending : .by([.notice])
    case .reportDiagnostics: .by([.report])
    case .disclose, .keepField: .relayPending
    case .serve: .by([.video, .audio, .photo, .control])
    // The preview has no sound: ``EnforcementTests/thePreviewHasNoSound()``.
    case .showLocally: flag == .sensorMicrophone ? .nothingToStop : .by([.preview])
    }
  }
}
