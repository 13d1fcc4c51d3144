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

  /// The flag whose line in the ledger says when the device accepted it; nil for a revocation.
  var flag: String? {
    switch self {
    case .camera, .pause, .board: "sensor.camera"
    case .microphone, .shareVideo, .shareAudio, .recordLocal: rawValue
    case .revocation: nil
    }
  }

  /// Tracks of which nothing more is sealed, and for which use; nil for any use.
  var tracks: (names: Set<String>, use: String?) {
    switch self {
    case .camera, .board: (["video"], nil)
    case .microphone: (["audio"], nil)
    case .shareVideo: (["video"], "live")
    case .shareAudio: (["audio"], "live")
    case .recordLocal: (["video", "audio"], "record")
    case .revocation, .pause: (["video", "audio"], nil)
    }
  }

  /// Sensors that must close.
  var sensors: Set<String> {
    switch self {
    case .camera, .board: ["camera"]
    case .microphone: ["microphone"]
    case .pause: ["camera", "microphone"]
    default: []
    }
  }

  /// What viewers must not open any more.
  var kinds: Set<MediaKind> {
    switch self {
    case .camera, .board: [.video, .photo]
    case .microphone, .shareAudio: [.audio]
    case .shareVideo: [.video]
    case .recordLocal: []
    case .revocation, .pause: [.video, .audio, .photo]
    }
  }

  /// Returns once the camera said that it took it.
  func withdraw(_ stage: BenchStage) async throws {
    switch self {
    case .camera, .microphone, .shareVideo, .shareAudio, .recordLocal:
      try confirm(try await stage.camera.setPermissions([rawValue: false]).confirmation)
    case .revocation: try confirm(try await stage.camera.revoke(stage.guest.id))
    case .pause: try confirm(try await stage.camera.pause())
    case .board: _ = try await stage.board.ask(.narrow("sensor.camera"))
    }
  }

  /// Gives back what was taken.
  func restore(_ stage: BenchStage) async throws {
    switch self {
    case .camera, .microphone, .shareVideo, .shareAudio, .recordLocal:
      try confirm(try await stage.camera.setPermissions([rawValue: true]).confirmation)
    case .revocation: try confirm(try await stage.share())
    case .pause: try confirm(try await stage.camera.resume())
    case .board: _ = try await stage.board.ask(.restore("sensor.camera"))
    }
  }

  private func confirm(_ confirmation: Confirmation) throws {
    guard confirmation.isConfirmed else { throw BenchError("the camera did not answer to \(rawValue)") }
  }
}

/// Why a benchmark cannot go on.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
