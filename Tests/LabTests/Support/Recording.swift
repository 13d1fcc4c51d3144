import PumpkiiCapture
import PumpkiiSystem

/// One opening of a camera.
typealias Recording = Opening<PictureRecord>

/// What came of a camera.
struct PictureRecord: OpeningRecord {
  /// What is kept of a frame.
  struct Frame: Sendable {
    let sequence: UInt32
    let timestamp: UInt64
    let isTimestampOurs: Bool
    let count: Int
    /// DMABUF descriptors it was lent with.
    let descriptors: Int
    /// When it was collected, CLOCK_MONOTONIC in ns.
    let collected: UInt64
  }

  static let name = "recording"

  var format: VideoFormat?
  var frames: [Frame] = []
  /// The newest frame's bytes.
  var newest: [UInt8] = []
  var events: [SensorEvent] = []
  var error: CaptureError?
  var counters = CaptureCounters()
  var made: UInt64?

  var amount: String { "\(frames.count) frames" }

  /// Frames that were neither delivered nor counted as lost; none, or the books are wrong.
  var unaccounted: Int64 { Int64(made ?? 0) - Int64(counters.delivered) - Int64(counters.totalLost) }
}

extension Opening where State == PictureRecord {
  convenience init(_ camera: any Camera) {
    self.init { state, stopper throws(CaptureError) in
      let session = try camera.open { event in state.update { $0.events.append(event) } }
      state.update { $0.format = session.format }
      Self.follow(session, state, stopper) { () throws(CaptureError) in try Self.step(session, state) }
    }
  }

  /// Waits for so many more frames than now.
  @discardableResult
  func wait(frames count: Int) async throws -> PictureRecord {
    let before = now.frames.count
    return try await wait(for: "\(count) more frames") { $0.frames.count >= before + count }
  }

  private static func step(
    _ session: any CameraSession, _ state: Published<PictureRecord>
  ) throws(CaptureError) {
    guard let frame = try session.next(timeout: .milliseconds(200)) else { return }
    let bytes = frame.contents
    let kept = PictureRecord.Frame(
      sequence: frame.sequence, timestamp: frame.timestamp, isTimestampOurs: frame.isTimestampOurs, count: bytes.count,
      descriptors: frame.lent?.descriptors.count ?? 0, collected: Clocks.monotonic())
    let (counters, format) = (session.counters, session.format)
    state.update { state in
      state.frames.append(kept)
      state.newest = bytes
      state.counters = counters
      state.format = format
    }
  }
}
