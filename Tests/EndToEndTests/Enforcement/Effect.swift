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
  /// What a clip begins with, from before it was asked for.
  case preRoll
  /// What waits for the way to the relay.
  case queue
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
}

extension Flag {
  /// What is gone while this flag alone is denied. A new flag does not compile without its line.
  var effects: Set<Effect> {
    switch self {
    case .sensorCamera: [.camera, .video, .photo, .recordedVideo, .preview, .motion, .preRoll, .queue]
    case .sensorMicrophone: [.microphone, .audio, .recordedAudio, .sound, .preRoll, .queue]
    case .recordLocal: [.recordedVideo, .recordedAudio, .clips, .preRoll]
    case .recordCloud: [.clips]
    case .detectMotion: [.motion]
    case .detectSound: [.sound]
    case .sharePhoto: [.photo, .photoKey]
    case .shareVideo: [.video, .videoKey, .queue]
    case .shareAudio: [.audio, .audioKey, .queue]
    case .shareDevice: [.control]
    case .notifyEmail: []
    case .notifySystem: [.notice]
    case .diagnosticsEnvironment, .diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors, .diagnosticsCrashes:
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
    case .keepQueue: .by([.preRoll, .queue])
    case .record: .by([.recordedVideo, .recordedAudio])
    case .upload: .by([.clips, .video, .audio, .photo])
    case .notify: flag == .notifyEmail ? .relayPending : .by([.notice])
    case .reportDiagnostics: .by([.report])
    case .disclose, .keepField: .relayPending
    case .serve: .by([.video, .audio, .photo, .control])
    case .showLocally: flag == .sensorMicrophone ? .by([.microphone]) : .by([.preview])
    }
  }
}
