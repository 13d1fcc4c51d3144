import PumpkiiClient
import PumpkiiSystem

/// Watches in a task of its own and remembers everything, so that a test can wait for what it wants to see.
final class Viewer: Sendable {
  /// What came so far.
  struct Record: Sendable {
    var events: [WatchEvent] = []
    /// Why it is over; nil while it goes on.
    var end: ClientError?

    var opened: [OpenedMedia] {
      events.compactMap { if case .opened(let media) = $0 { media } else { nil } }
    }

    func chunks(_ kind: MediaKind) -> [OpenedMedia] { opened.filter { $0.kind == kind && $0.content == .chunk } }

    var epochs: [UInt32] {
      events.compactMap { if case .epoch(let number, _) = $0 { number } else { nil } }
    }

    /// Codes of what was refused.
    var refusals: [String] {
      events.compactMap { if case .refused(let code, _, _) = $0 { code } else { nil } }
    }

    var connections: Int {
      events.count { if case .connected = $0 { true } else { false } }
    }

    /// Objects and segments that the viewer reported as missing, and segments left without their end.
    var reportedGaps: [String] {
      events.compactMap { event in
        switch event {
        case .missing(let segment, let index, let count): "\(count) before \(index) of \(segment)"
        case .missingSegments(let segment, let count): "\(count) segments before \(segment)"
        case .cutSegment(let segment): "\(segment) has no end"
        default: nil
        }
      }
    }

    /// What the relay said that it lost for this viewer.
    var relayLosses: Int {
      events.count { if case .lossNotice = $0 { true } else { false } }
    }

    /// Jumps in the numbers of what opened of one kind, found without the viewer's own count.
    /// - Parameter lost: what the camera itself gave up because its way to the relay was too slow; no jump.
    func jumps(_ kind: MediaKind, except lost: Set<Position> = []) -> [String] {
      var jumps: [String] = []
      let media = opened.filter { $0.kind == kind }
      for (before, after) in zip(media, media.dropFirst()) {
        let (old, new) = (Position(before), Position(after))
        let isNext = new.isNextSegment(to: old) && before.content == .segmentEnd
        let first = new.kid == old.kid ? old.index + 1 : 0
        let follows = new.kid == old.kid || isNext
        let hasAll = first <= new.index && (first..<new.index).allSatisfy { lost.contains(Position(new.kid, $0)) }
        if !follows || !hasAll { jumps.append("\(new) after \(old)") }
      }
      return jumps
    }
  }

  /// A place in a track; the segment's number on the wire is its epoch, its number in the epoch, and its track.
  struct Position: Hashable, CustomStringConvertible {
    let kid: UInt64
    let index: UInt32

    init(_ kid: UInt64, _ index: UInt32) {
      self.kid = kid
      self.index = index
    }

    init(_ media: OpenedMedia) { self.init(media.segment, media.index) }

    private var epoch: UInt64 { kid >> 32 }
    private var segment: UInt64 { kid >> 8 & 0xFF_FFFF }
    var description: String { "\(epoch)/\(segment)/\(index)" }

    func isNextSegment(to old: Position) -> Bool {
      epoch == old.epoch ? segment == old.segment + 1 : epoch > old.epoch && segment == 0
    }
  }

  struct Ended: Error, CustomStringConvertible {
    let description: String
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
        record.update { $0.end = end }
      }
    }
  }

  var now: Record { record.value }

  /// Waits until what came is what a test wants.
  /// - Throws: ``Ended`` when the watch ended before; cancellation.
  @discardableResult
  func wait(for what: String, _ condition: (Record) -> Bool) async throws -> Record {
    guard await record.wait(until: { condition($0) || $0.end != nil }) else { throw CancellationError() }
    let reached = record.value
    guard condition(reached) else {
      throw Ended(description: "the watch ended before \(what): \(reached.end.map { "\($0)" } ?? "")")
    }
    return reached
  }

  /// Waits for `count` more video frames or pieces of sound than now.
  @discardableResult
  func wait(for count: Int, more kind: MediaKind) async throws -> Record {
    let before = now.chunks(kind).count
    return try await wait(for: "\(count) more of \(kind)") { $0.chunks(kind).count >= before + count }
  }

  /// Waits until the watch is over by itself.
  func end() async throws -> ClientError {
    guard await record.wait(until: { $0.end != nil }), let end = record.value.end else { throw CancellationError() }
    return end
  }

  /// Cancels the watch and waits until it is over.
  @discardableResult
  func stop() async -> Record {
    task.cancel()
    await task.value
    return record.value
  }
}
