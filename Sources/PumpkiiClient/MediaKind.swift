internal import PumpkiiWire

/// What a camera gives, and what a share is made of: each has keys of its own.
public enum MediaKind: String, Sendable, CaseIterable, Codable, Comparable {
  /// The moving picture.
  case video
  /// The sound.
  case audio
  /// Single pictures.
  case photo
  /// What the camera noticed; for owners only.
  case event

  /// In the order of the protocol: video, audio, photo, event.
  public static func < (left: MediaKind, right: MediaKind) -> Bool { left.wire < right.wire }

  var wire: MediaClass {
    switch self {
    case .video: .video
    case .audio: .audio
    case .photo: .photo
    case .event: .event
    }
  }

  init(_ wire: MediaClass) {
    self =
      switch wire {
      case .video: .video
      case .audio: .audio
      case .photo: .photo
      case .event: .event
      }
  }
}

extension ClassMask {
  init(_ kinds: some Sequence<MediaKind>) { self.init(classes: kinds.map(\.wire)) }
  var kinds: [MediaKind] { classes.map { MediaKind($0) } }
}
