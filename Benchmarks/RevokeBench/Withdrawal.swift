internal import PumpkiiAgent
internal import PumpkiiClient

/// What is taken away in a trial, and what must end with it.
enum Withdrawal: String, CaseIterable, Encodable {
  case camera = "sensor.camera"
  case microphone = "sensor.microphone"
  case shareVideo = "share.video"
  case shareAudio = "share.audio"
  case recordLocal = "record.local"
  case revocation = "the guest's right"
  case pause = "pause"
  case board = "sensor.camera on the board"
  case ceiling = "sensor.camera in the ceiling"
  case schedule = "sensor.camera by the schedule"
  case killSwitch = "the kill switch"
  case terms = "the terms"

  /// The flag whose line in the ledger says when the device accepted it. Nil for a revocation and for the terms, which
  /// have lines of their own, and for a switch, whose being thrown is no document: there the clock starts with the hand.
  var flag: String? {
    switch self {
    case .camera, .pause, .board, .ceiling, .schedule: "sensor.camera"
    case .microphone, .shareVideo, .shareAudio, .recordLocal: rawValue
    case .revocation, .killSwitch, .terms: nil
    }
  }

  /// Tracks of which nothing more is sealed, and for which use; nil for any use.
  var tracks: (names: Set<String>, use: String?) {
    switch self {
    case .camera, .board, .ceiling, .schedule: (["video"], nil)
    case .microphone: (["audio"], nil)
    case .shareVideo: (["video"], "live")
    case .shareAudio: (["audio"], "live")
    case .recordLocal: (["video", "audio"], "record")
    case .terms: (["video", "audio"], "live")
    case .revocation, .pause, .killSwitch: (["video", "audio"], nil)
    }
  }

  /// Sensors that must close.
  var sensors: Set<String> {
    switch self {
    case .camera, .board, .ceiling, .schedule: ["camera"]
    case .microphone: ["microphone"]
    case .pause, .killSwitch: ["camera", "microphone"]
    default: []
    }
  }

  /// What viewers must not open any more.
  var kinds: Set<MediaKind> {
    switch self {
    case .camera, .board, .ceiling, .schedule: [.video, .photo]
    case .microphone, .shareAudio: [.audio]
    case .shareVideo: [.video]
    case .recordLocal: []
    case .revocation, .pause, .killSwitch, .terms: [.video, .audio, .photo]
    }
  }
}

/// Why a benchmark cannot go on.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
