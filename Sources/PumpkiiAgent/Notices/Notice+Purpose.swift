internal import PumpkiiPolicy

extension Notice {
  /// What a notice is for; `notify.*` lets it serve nothing else (C18).
  var purpose: Purpose {
    switch self {
    case .motion, .sound, .clip, .sensor, .failure, .viewer: .support
    }
  }
}
