import PumpkiiCapture
import PumpkiiSystem
import Synchronization

/// What is known of one opening of a device.
protocol OpeningRecord: Sendable {
  associatedtype Format: Sendable

  /// Of the device's thread, and in what is said when a wait is in vain.
  static var name: String { get }

  var format: Format? { get set }
  /// How much came, for people.
  var amount: String { get }
  var events: [SensorEvent] { get set }
  var error: CaptureError? { get set }
  var counters: CaptureCounters { get set }
  /// What close() returned; nil while it is open.
  var made: UInt64? { get set }

  init()
}

extension OpeningRecord {
  var hasEnded: Bool { made != nil || error != nil }
}

/// One opening of a device on a thread of its own, as the agent's pump does it: everything that came, for scenarios that
/// meddle with the device meanwhile.
final class Opening<State: OpeningRecord>: Sendable {
  private let state = Published(State())
  private let stopper = Flag()
  private let task: Task<Void, Never>

  /// - Parameter open: opens the device, and follows it with ``follow(_:_:_:step:)``.
  init(_ open: @escaping @Sendable (Published<State>, Flag) throws(CaptureError) -> Void) {
    let (state, stopper) = (state, stopper)
    task = Task {
      await DeviceThread.run(named: State.name) {
        do throws(CaptureError) {
          try open(state, stopper)
        } catch {
          state.update { $0.error = error }
        }
      }
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
        "the \(State.name) ended before \(what): \(reached.error.map { "\($0)" } ?? "out of time"); \(reached.amount), "
          + "\(reached.counters), \(reached.events)")
    }
    return reached
  }

  /// Waits for the end that the device itself makes.
  func end() async throws -> State {
    guard await Patience.wait(state, until: { $0.made != nil || ($0.error != nil && $0.format == nil) }) else {
      throw Lab.Obstacle("the \(State.name) never ended: \(state.value.counters)")
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

  /// Takes one step after the other, until it is told to stop or one fails, and closes the device.
  static func follow(
    _ session: any SensorSession, _ state: Published<State>, _ stopper: Flag, step: () throws(CaptureError) -> Void
  ) {
    var failure: CaptureError?
    do throws(CaptureError) {
      while !stopper.isRaised { try step() }
    } catch {
      failure = error
    }
    let made = session.close()
    let (counters, error) = (session.counters, failure)
    state.update { ($0.counters, $0.error, $0.made) = (counters, error, made) }
  }
}

/// Raised once, from any thread.
final class Flag: Sendable {
  private let value = Atomic(false)
  var isRaised: Bool { value.load(ordering: .acquiring) }
  func raise() { value.store(true, ordering: .releasing) }
}
