import Glibc
import PumpkiiALSA
import PumpkiiCapture

/// A card that does what a script says, on a clock that only its waits move.
final class FakePort: PCMPort {
  /// One wait and the reading after it.
  enum Step {
    case sound
    /// readi gives −errno in this state.
    case fails(Int32, PCMState, PCMReadiness = PCMReadiness(hasSound: true, hasTrouble: true))
    /// The wait itself fails.
    case waitFails(Int32, PCMState)
    /// Nothing until the time-out.
    case nothing
    case woken
  }

  let shape: PCMShape
  var state: PCMState = .prepared
  var steps: [Step]
  /// What is done when the script is at its end.
  var last: Step
  /// Results of resume, then ENOSYS.
  var resumes: [Int32] = []
  var startResult: Int32 = 0
  /// ns that a period takes.
  var step: UInt64 = 20_000_000
  private(set) var calls: [String] = []
  private(set) var time: UInt64 = 1_000_000_000
  private(set) var waits = 0
  private var current: Step = .nothing

  init(_ steps: [Step], then last: Step = .sound, shape: PCMShape? = nil) {
    self.steps = steps
    self.last = last
    self.shape =
      shape ?? PCMShape(rate: 48_000, channels: 1, format: .s16, period: 960, buffer: 19_200, used: 1)
  }

  func wait(milliseconds: Int32, waker: Int32) -> PCMReadiness {
    waits += 1
    current = steps.isEmpty ? last : steps.removeFirst()
    switch current {
    case .sound:
      time += step
      return PCMReadiness(hasSound: true)
    case .fails(_, let state, let readiness):
      self.state = state
      time += 20_000_000
      return readiness
    case .waitFails(let error, let state):
      self.state = state
      return PCMReadiness(error: error)
    case .nothing:
      time += UInt64(max(milliseconds, 0)) * 1_000_000
      return PCMReadiness()
    case .woken:
      return PCMReadiness(isWoken: true)
    }
  }

  func position() -> PCMPosition { PCMPosition(available: 960, stamp: time) }
  func latency() -> Int { 0 }

  func read(_ target: UnsafeMutableRawPointer, frames: Int) -> Int {
    calls.append("read")
    switch current {
    case .sound:
      unsafe target.initializeMemory(as: Int16.self, repeating: 7, count: frames * shape.channels)
      return frames
    case .fails(let error, _, _): return Int(error)
    default: return Int(-EAGAIN)
    }
  }

  func prepare() -> Int32 {
    calls.append("prepare")
    state = .prepared
    return 0
  }

  func start() -> Int32 {
    calls.append("start")
    guard startResult >= 0 else { return startResult }
    state = .running
    return 0
  }

  func resume() -> Int32 {
    calls.append("resume")
    let result = resumes.isEmpty ? -ENOSYS : resumes.removeFirst()
    if result == 0 { state = .running }
    return result
  }

  func now() -> UInt64 { time }
  func pause(milliseconds: Int32) { time += UInt64(max(milliseconds, 0)) * 1_000_000 }
  func close() { calls.append("close") }
}

/// An engine around a fake card.
@safe struct FakeMicrophone {
  let port: FakePort
  let engine: PCMEngine
  let counters = CounterBox()
  let witness = Witness()
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)

  init(_ port: FakePort) throws {
    self.port = port
    engine = try PCMEngine(port, pcm: "fake", waker: -1, counters: counters, observer: witness.observer)
  }

  func next(_ timeout: Duration = .seconds(1)) throws -> PCMEngine.Period? {
    try engine.next(timeout: timeout) { port, frames in
      guard let base = unsafe room.baseAddress else { return 0 }
      return unsafe port.read(base, frames: frames)
    }
  }
}
