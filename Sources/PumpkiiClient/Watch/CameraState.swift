/// How a camera is, as far as this viewer can know it: what it signed, proven fresh by this viewer's own nonces, and
/// what opened here.
public struct CameraState: Sendable, Equatable {
  /// How the picture is.
  public let picture: SensorState
  /// How the sound is.
  public let sound: SensorState
  /// When the camera signed its last word, Unix µs by its clock; told of a camera that is offline and said anything.
  public let lastWord: UInt64?

  /// Both, and of an offline camera its last word.
  public init(picture: SensorState, sound: SensorState, lastWord: UInt64? = nil) {
    self.picture = picture
    self.sound = sound
    self.lastWord = lastWord
  }

  /// Whether the camera has no connection to its relay.
  public var isOffline: Bool { picture == .offline || sound == .offline }
}

/// What a camera said of itself last, whoever asked. Signed, but not proven fresh: only a viewer can ask for that.
public struct ReportedState: Sendable, Equatable, Codable {
  /// The picture's ``SensorState/code``.
  public let picture: String
  /// The sound's ``SensorState/code``.
  public let sound: String
  /// Unix µs by the camera's clock.
  public let time: UInt64
}
