import PumpkiiClient
import PumpkiiSystem

/// Watches in a task of its own and remembers what came, so that a scenario can wait for what it wants to see.
final class Viewer: Sendable {
  /// What came so far.
  struct Record: Sendable {
    var events: [WatchEvent] = []
    var end: ClientError?
    /// Unix µs of the end.
    var endedAt: UInt64?

    var opened: [OpenedMedia] {
      events.compactMap { if case .opened(let media) = $0 { media } else { nil } }
    }

    func chunks(_ kind: MediaKind) -> [OpenedMedia] { opened.filter { $0.kind == kind && $0.content == .chunk } }

    /// What did not verify, open or fit.
    var refusals: [String] {
      events.compactMap { if case .refused(let code, _, _) = $0 { code } else { nil } }
    }

    /// Where the camera's own marks say that one segment ended and another began: a player sees a discontinuity.
    var segments: [UInt64] {
      var seen: [UInt64] = []
      for media in chunks(.video) where media.segment != seen.last { seen.append(media.segment) }
      return seen
    }
  }

  private let record = Published(Record())
  private let task: Task<Void, Never>

  init(_ watch: Watch) {
    let record = record
    task = Task {
      do {
        for try await event in watch { record.update { $0.events.append(event) } }
      } catch {
        let end = error as? ClientError ?? ClientError(.cancelled, "\(error)")
        record.update { ($0.end, $0.endedAt) = (end, Clocks.unixMicroseconds()) }
      }
    }
  }

  var now: Record { record.value }

  /// Waits until what came is what a scenario wants.
  @discardableResult
  func wait(for what: String, _ condition: @escaping @Sendable (Record) -> Bool) async throws -> Record {
    let isReached = await Patience.wait(record) { condition($0) || $0.end != nil }
    let reached = record.value
    guard isReached, condition(reached) else {
      throw Lab.Obstacle("the watch ended before \(what): \(reached.end.map { "\($0)" } ?? "out of time")")
    }
    return reached
  }

  /// Waits for `count` more video frames or pieces of sound than now.
  @discardableResult
  func wait(for count: Int, more kind: MediaKind) async throws -> Record {
    let before = now.chunks(kind).count
    return try await wait(for: "\(count) more of \(kind)") { $0.chunks(kind).count >= before + count }
  }

  /// Ends the watch and waits until it is over.
  @discardableResult
  func stop() async -> Record {
    task.cancel()
    await task.value
    return record.value
  }
}
