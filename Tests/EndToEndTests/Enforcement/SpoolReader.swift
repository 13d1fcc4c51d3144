import Foundation
import PumpkiiWire
import Synchronization

/// Counts what lies in a spool, without the agent: objects of the files, and files that are done.
final class SpoolReader: Sendable {
  struct Counts: Equatable {
    var video = 0
    var audio = 0
    var clips = 0
  }

  private let folder: String
  private let known = Mutex<[String: Counts]>([:])

  init(folder: String) { self.folder = folder }

  func read() -> Counts {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return known.withLock { known in
      for name in names {
        let number = String(name.prefix { $0.isNumber })
        guard let old = known[number], old.clips == 1 else {
          known[number] = Self.read("\(folder)/\(name)", atLeast: known[number] ?? Counts())
          continue
        }
      }
      return known.values.reduce(into: Counts()) { sum, counts in
        sum.video += counts.video
        sum.audio += counts.audio
        sum.clips += counts.clips
      }
    }
  }

  /// A file that is renamed meanwhile is read the next time.
  private static func read(_ path: String, atLeast old: Counts) -> Counts {
    guard let items = try? Items(path: path), !items.all.isEmpty else { return old }
    var counts = Counts(clips: path.hasSuffix(".pumpkii") ? 1 : 0)
    for (header, _) in items.objects where header.flags.isDisjoint(with: [.initialization, .endOfSegment]) {
      switch header.mediaClass {
      case .video: counts.video += 1
      case .audio: counts.audio += 1
      default: break
      }
    }
    return counts
  }
}
