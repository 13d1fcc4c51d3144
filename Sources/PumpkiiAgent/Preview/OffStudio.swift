internal import PumpkiiMedia
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import Synchronization

/// Makes off pictures and keeps the newest few: who looks at a camera that is off sees the same one every second.
final class OffStudio: Sendable {
  private struct Key: Hashable {
    let width: Int
    let height: Int
    let mode: VideoSettings.Mode
    let words: String
  }

  private static let kept = 4
  private let films = Mutex<[(key: Key, film: OffFilm)]>([])

  /// - Throws: ``MediaError``.
  func film(
    _ shape: (width: Int, height: Int, mode: VideoSettings.Mode), _ decision: Decision
  ) async throws(MediaError) -> OffFilm {
    let key = Key(width: shape.width, height: shape.height, mode: shape.mode, words: Self.words(decision))
    if let known = films.withLock({ films in films.first { $0.key == key }?.film }) { return known }
    // Coding takes milliseconds of a processor: not on the pool's two threads.
    let result = await DeviceThread.run(named: "off-picture") {
      Result { () throws(MediaError) in
        try OffFilm(width: key.width, height: key.height, mode: key.mode, words: key.words)
      }
    }
    let film = try result.get()
    films.withLock { films in
      films.append((key, film))
      if films.count > Self.kept { films.removeFirst() }
    }
    return film
  }

  /// Which layer denies, in a word; nothing that anybody wrote.
  static func words(_ decision: Decision) -> String {
    switch decision.layer {
    case .hardware: "off by switch"
    case .ceiling: "off by this board"
    case .terms: "off until terms"
    case .schedule: "off by schedule"
    case .owner, .grant, nil: "off by policy"
    }
  }
}
