package import PumpkiiPolicy
internal import Synchronization

/// What the hardware says for itself: shutter, kill switch, a device that is missing or another one. Set by whoever
/// hears of it, on any thread; whoever must act on a change is told at once.
package final class Surroundings: Sendable {
  private struct State {
    var facts = HardwareFacts()
    var absent = HardwareFacts()
    var listener: (@Sendable () -> Void)?
  }

  private let state = Mutex(State())

  package init() {}

  /// What a decision goes by; a sensor that is gone denies nothing.
  package var facts: HardwareFacts { state.withLock { $0.facts } }

  /// With the sensors that are gone.
  package var factsForPeople: HardwareFacts {
    state.withLock { state in
      HardwareFacts(
        camera: state.facts.camera.union(state.absent.camera),
        microphone: state.facts.microphone.union(state.absent.microphone))
    }
  }

  /// Notes that a sensor is not there, or is again. It explains and denies nothing, so nobody is told.
  package func setAbsent(_ flag: Flag, _ isAbsent: Bool) {
    state.withLock { state in
      switch flag {
      case .sensorCamera: Self.change(&state.absent.camera, .missing, isAbsent)
      case .sensorMicrophone: Self.change(&state.absent.microphone, .missing, isAbsent)
      default: break
      }
    }
  }

  /// Called after each change, on the thread that brought it; what is denied now must have stopped when it returns.
  package func onChange(_ listener: @escaping @Sendable () -> Void) { state.withLock { $0.listener = listener } }

  /// Notes that `obstacle` stands in the way of a sensor, or no longer does.
  /// - Parameter flag: `sensor.camera` or `sensor.microphone`.
  package func set(_ obstacle: SensorObstacles, of flag: Flag, to stands: Bool) {
    let listener = state.withLock { state -> (@Sendable () -> Void)? in
      let before = state.facts
      switch flag {
      case .sensorCamera: Self.change(&state.facts.camera, obstacle, stands)
      case .sensorMicrophone: Self.change(&state.facts.microphone, obstacle, stands)
      default: return nil
      }
      return state.facts == before ? nil : state.listener
    }
    listener?()
  }

  private static func change(_ obstacles: inout SensorObstacles, _ obstacle: SensorObstacles, _ stands: Bool) {
    if stands { obstacles.insert(obstacle) } else { obstacles.remove(obstacle) }
  }
}
