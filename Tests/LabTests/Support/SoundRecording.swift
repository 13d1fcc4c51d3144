import PumpkiiCapture
import PumpkiiSystem

/// One opening of a microphone on a thread of its own; as ``Recording``.
final class SoundRecording: Sendable {
  struct State: Sendable {
    var format: AudioFormat?
    /// Sample frames that came.
    var frames = 0
    /// Of the newest period.
    var position: UInt64 = 0
    var peak = 0
    /// Where a period did not begin at the end of the one before.
    var jumps: [UInt64] = []
    var events: [SensorEvent] = []
    var error: CaptureError?
    var counters = CaptureCounters()
    var made: UInt64?

    /// What the card had and nobody had collected when it was closed; all else was delivered or counted as lost.
    var uncollected: Int { Int(made ?? 0) - Int(counters.delivered) - Int(counters.totalLost) }

    var hasEnded: Bool { made != nil || error != nil }
  }

  private let state = Published(State())
  private let stopper = Flag()
  private let task: Task<Void, Never>

  init(_ microphone: any Microphone) {
    let (state, stopper) = (state, stopper)
    task = Task {
      await DeviceThread.run(named: "sound") { Self.run(microphone, state, stopper) }
    }
  }

  // A scenario that fails leaves its device to the next one.
  deinit { stopper.raise() }

  var now: State { state.value }

  @discardableResult
  func wait(for what: String, _ condition: @escaping @Sendable (State) -> Bool) async throws -> State {
    let isReached = await Patience.wait(state) { condition($0) || $0.hasEnded }
    let reached = state.value
    guard isReached, condition(reached) else {
      throw Lab.Obstacle(
        "the sound ended before \(what): \(reached.error.map { "\($0)" } ?? "out of time"); \(reached.frames) frames, "
          + "\(reached.counters), \(reached.events)")
    }
    return reached
  }

  /// Waits for so many more ms of sound than now.
  @discardableResult
  func wait(milliseconds: Int) async throws -> State {
    let opened = try await wait(for: "its opening") { $0.format != nil }
    let wanted = opened.frames + milliseconds * (opened.format?.sampleRate ?? 48_000) / 1000
    return try await wait(for: "\(milliseconds) ms more") { $0.frames >= wanted }
  }

  /// Waits for the end that the device itself makes.
  func end() async throws -> State {
    guard await Patience.wait(state, until: { $0.made != nil || ($0.error != nil && $0.format == nil) }) else {
      throw Lab.Obstacle("the sound never ended: \(state.value.counters)")
    }
    return state.value
  }

  @discardableResult
  func stop() async -> State {
    stopper.raise()
    await task.value
    return state.value
  }

  private static func run(_ microphone: any Microphone, _ state: Published<State>, _ stopper: Flag) {
    do throws(CaptureError) {
      let session = try microphone.open { event in state.update { $0.events.append(event) } }
      let format = session.format
      state.update { $0.format = format }
      var failure: CaptureError?
      do throws(CaptureError) {
        while !stopper.isRaised { try step(session, format, state) }
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

  private static func step(
    _ session: any MicrophoneSession, _ format: AudioFormat, _ state: Published<State>
  ) throws(CaptureError) {
    guard let sound = try session.next(timeout: .milliseconds(200)) else { return }
    let count = sound.samples.count / max(format.channels, 1)
    let peak = sound.samples.reduce(0) { max($0, abs(Int($1))) }
    let counters = session.counters
    state.update { state in
      if state.frames > 0, sound.position != state.position { state.jumps.append(sound.position) }
      state.position = sound.position + UInt64(count)
      state.frames += count
      state.peak = max(state.peak, peak)
      state.counters = counters
    }
  }
}
