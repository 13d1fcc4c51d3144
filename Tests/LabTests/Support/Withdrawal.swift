import PumpkiiClient

/// What is taken away while a guest watches, and what must end with it.
enum Withdrawal: String, CaseIterable {
  case camera = "sensor.camera"
  case microphone = "sensor.microphone"
  case shareVideo = "share.video"
  case right = "the guest's right"

  /// Nil for a right, which is no flag.
  var flag: String? { self == .right ? nil : rawValue }

  /// In one order, as ``sensors``.
  var kinds: [MediaKind] {
    switch self {
    case .camera, .shareVideo: [.video]
    case .microphone: [.audio]
    case .right: [.video, .audio]
    }
  }

  /// What goes on beside it; nil where nothing does.
  var witness: MediaKind? {
    switch self {
    case .camera, .shareVideo: .audio
    case .microphone: .video
    case .right: nil
    }
  }

  /// Nobody else watches, so with what may be had of a sensor the sensor goes.
  var sensors: [Sensor] {
    kinds.map { kind in
      let (name, folder) = kind == .video ? ("camera", "/dev/video") : ("microphone", "/dev/snd")
      return Sensor(name: name, folder: folder)
    }
  }

  /// A sensor as the agent's ledger calls it, and where its nodes lie.
  struct Sensor {
    let name: String
    let folder: String
  }

  /// Returns once the camera said that it took it.
  func withdraw(_ camera: CameraLink, from guest: Account) async throws -> Bool {
    guard let flag else { return try await camera.revoke(guest.id).isConfirmed }
    return try await camera.setPermissions([flag: false]).confirmation.isConfirmed
  }

  /// Gives back what was taken.
  func restore(_ camera: CameraLink, to guest: Account) async throws -> Bool {
    guard let flag else {
      return try await camera.share(with: guest.id, classes: [.video, .audio]).confirmation.isConfirmed
    }
    return try await camera.setPermissions([flag: true]).confirmation.isConfirmed
  }
}
