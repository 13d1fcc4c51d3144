internal import PumpkiiClient
internal import PumpkiiSystem

/// One viewer: when it opened what, and when its line was cut. It keeps times and positions, never pictures.
final class Sight: Sendable {
  struct Opening: Sendable {
    let kind: MediaKind
    /// Unix µs.
    let time: UInt64
    let epoch: UInt32
  }

  struct Record: Sendable {
    /// Media objects so far, by kind.
    var counts: [MediaKind: Int] = [:]
    /// Of the present trial.
    var openings: [Opening] = []
    /// Unix µs of each end of the line, in the present trial.
    var cuts: [UInt64] = []
    /// Why it is over; nil while it goes on.
    var end: String?
  }

  let record = Published(Record())

  /// Watches until the right ends or the task does. A line that begins with a key message from before the right did is
  /// cut, and tried again.
  func follow(_ watch: Watch) async {
    while true {
      do {
        for try await event in watch { note(event) }
      } catch {
        if record.value.counts.isEmpty, (try? await Task.sleep(for: .milliseconds(100))) != nil { continue }
        let (now, reason) = (Clocks.unixMicroseconds(), "\(error)")
        record.update { record in
          record.cuts.append(now)
          record.end = reason
        }
        return
      }
    }
  }

  private func note(_ event: WatchEvent) {
    switch event {
    case .opened(let media) where [.chunk, .picture, .picturePart].contains(media.content):
      let opening = Opening(kind: media.kind, time: media.openedAt, epoch: UInt32(media.segment >> 32))
      record.update { record in
        record.counts[media.kind, default: 0] += 1
        record.openings.append(opening)
      }
    case .disconnected:
      let now = Clocks.unixMicroseconds()
      record.update { $0.cuts.append(now) }
    default: break
    }
  }

  /// Forgets the last trial's openings.
  func begin() { record.update { ($0.openings, $0.cuts) = ([], []) } }

  /// Waits until this many more of each kind opened.
  /// - Throws: ``BenchError`` when the right is over before.
  func wait(for more: [MediaKind: Int]) async throws {
    let before = record.value.counts
    _ = await record.wait { now in
      now.end != nil || more.allSatisfy { now.counts[$0, default: 0] >= before[$0, default: 0] + $1 }
    }
    if let end = record.value.end { throw BenchError("a watch ended by itself: \(end)") }
  }
}
