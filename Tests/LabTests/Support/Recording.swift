import PumpkiiCapture
import PumpkiiSystem
import Synchronization

/// One opening of a camera on a thread of its own, as the agent's pump does it: everything that came, for scenarios that
/// meddle with the device meanwhile.
final class Recording: Sendable {
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

  struct State: Sendable {
    var format: VideoFormat?
    var frames: [Frame] = []
    /// The newest frame's bytes.
    var newest: [UInt8] = []
    var events: [SensorEvent] = []
    var error: CaptureError?
    var counters = CaptureCounters()
    /// What close() returned; nil while it is open.
    var made: UInt64?

    /// Frames that were neither delivered nor counted as lost; none, or the books are wrong.
    var unaccounted: Int64 {
      Int64(made ?? 0) - Int64(counters.delivered) - Int64(counters.totalLost)
    }

    var hasEnded: Bool { made != nil || error != nil }
  }

  private let state = Published(State())
  private let stopper = Flag()
  private let task: Task<Void, Never>

  init(_ camera: any Camera) {
    let (state, stopper) = (state, stopper)
    task = Task {
      await DeviceThread.run(named: "recording") { Self.run(camera, state, stopper) }
    }
  }

  // A scenario that fails leaves its device to the next one.
  deinit { stopper.raise() }

  var now: State { state.value }

  /// Waits until `condition` holds.
  @discardableResult
  func wait(for what: String, _ condition: @escaping @Sendable (State) -> Bool) async throws -> State {
    let isReached = await Patience.wait(state) { condition($0) || $0.hasEnded }
    let reached = state.value
    guard isReached, condition(reached) else {
      throw Lab.Obstacle(
        "the recording ended before \(what): \(reached.error.map { "\($0)" } ?? "out of time"); \(reached.frames.count) "
          + "frames, \(reached.counters), \(reached.events)")
    }
    return reached
  }

  /// Waits for so many more frames than now.
  @discardableResult
  func wait(frames count: Int) async throws -> State {
    let before = now.frames.count
    return try await wait(for: "\(count) more frames") { $0.frames.count >= before + count }
  }

  /// Waits for the end that the device itself makes.
  func end() async throws -> State {
    guard await Patience.wait(state, until: { $0.made != nil || ($0.error != nil && $0.format == nil) }) else {
      throw Lab.Obstacle("the recording never ended: \(state.value.counters)")
    }
    return state.value
  }

  /// Closes the device.
  @discardableResult
  func stop() async -> State {
    stopper.raise()
    await task.value
    return state.value
  }

  private static func run(_ camera: any Camera, _ state: Published<State>, _ stopper: Flag) {
    do throws(CaptureError) {
      let session = try camera.open { event in state.update { $0.events.append(event) } }
      state.update { $0.format = session.format }
      var failure: CaptureError?
      do throws(CaptureError) {
        while !stopper.isRaised { try step(session, state) }
      } catch {
        failure = error
      }
      let made = session.close()
      let (counters, error) = (session.counters, failure)
      state.update { ($0.counters, $0.error, $0.made) = (counters, error, made) }
    } catch {
      state.update { $0.error = error }
    }
  }

  private static func step(_ session: any CameraSession, _ state: Published<State>) throws(CaptureError) {
    guard let frame = try session.next(timeout: .milliseconds(200)) else { return }
    let bytes = frame.contents
    let kept = Frame(
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

/// Raised once, from any thread.
final class Flag: Sendable {
  private let value = Atomic(false)
  var isRaised: Bool { value.load(ordering: .acquiring) }
  func raise() { value.store(true, ordering: .releasing) }
}
