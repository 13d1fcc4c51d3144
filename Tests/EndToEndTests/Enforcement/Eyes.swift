import PumpkiiClient
import Synchronization

/// Somebody who keeps watching: whoever is cut or refused comes back, as people do. Counts what opened over all watches.
final class Eyes: Sendable {
  private struct State {
    var viewer: Viewer?
    /// What earlier watches opened.
    var before: [MediaKind: Int] = [:]
  }

  private let watch: @Sendable () async throws -> Viewer
  private let state = Mutex(State())

  init(_ watch: @escaping @Sendable () async throws -> Viewer) { self.watch = watch }

  /// Watches, anew where the last watch is over.
  func open() async {
    let viewer = state.withLock { $0.viewer }
    if let viewer, viewer.now.end == nil { return }
    if let viewer {
      state.withLock { state in
        for (kind, count) in Self.counts(viewer) { state.before[kind, default: 0] += count }
        state.viewer = nil
      }
    }
    guard let fresh = try? await watch() else { return }
    state.withLock { $0.viewer = fresh }
  }

  func count(_ kind: MediaKind) -> Int {
    state.withLock { state in
      (state.before[kind] ?? 0) + (state.viewer.map { Self.counts($0)[kind] ?? 0 } ?? 0)
    }
  }

  func close() async {
    let viewer = state.withLock { $0.viewer }
    await viewer?.stop()
  }

  /// Media alone: headers and ends say nothing of a picture.
  private static func counts(_ viewer: Viewer) -> [MediaKind: Int] {
    var counts: [MediaKind: Int] = [:]
    for media in viewer.now.opened where media.content != .initialization && media.content != .segmentEnd {
      counts[media.kind, default: 0] += 1
    }
    return counts
  }
}
