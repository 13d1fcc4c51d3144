package import Logging
package import PumpkiiCapture
package import PumpkiiPolicy
internal import PumpkiiWire
internal import Synchronization

/// Which camera and microphone consent was given for. The first one that is opened under a policy is remembered; the
/// owner may name another (`pumpkii permissions confirm`). Any other one in its place is a stranger, and denied; so is
/// every one once it is not known any more which it was.
package final class SensorBindings: Sendable {
  private struct State {
    var book: SensorBook
    /// The disk has what ``book`` says.
    var isStored: Bool
    /// The sensors that are there.
    var present: [Flag: String] = [:]
  }

  private let file: SensorFile
  private let surroundings: Surroundings
  private let logger: Logger
  private let state: Mutex<State>
  /// One writer at a time, so that the newest is what stays.
  private let turn = Mutex<Void>(())

  /// - Throws: ``AgentError``: `home` when the file cannot be read, `keys` when the device's identity cannot.
  package init(home: AgentHome, surroundings: Surroundings, logger: Logger) throws(AgentError) {
    file = SensorFile(home: home, identity: try home.identity())
    self.surroundings = surroundings
    self.logger = logger
    let found = try file.load()
    // What is lost is not written: the file stays as it was found until a sensor is confirmed and opened.
    state = Mutex(State(book: found.book, isStored: found.isSigned || found.problem != nil))
    if let problem = found.problem {
      logger.error(
        """
        camera and microphone are denied: the file \(SensorFile.fileName), which says which ones consent was given for, \
        \(problem). The owner confirms those that are there: pumpkii permissions confirm camera FINGERPRINT
        """, metadata: ["code": "agent-sensors"])
    }
    store()
  }

  /// The fingerprint of the sensor that is there now; nil without one.
  package func present(_ flag: Flag) -> String? { state.withLock { $0.present[flag] } }

  /// A sensor is there; says at once whether it is a stranger.
  package func found(_ identity: SensorIdentity, expected: [ExpectedSensor]) {
    state.withLock { $0.present[Self.flag(identity)] = SensorFingerprint.of(identity) }
    check(expected: expected)
  }

  /// Compares what is there with what consent was given for; called again whenever the owner's policy changes.
  package func check(expected: [ExpectedSensor]) {
    let (book, present) = state.withLock { ($0.book, $0.present) }
    for (flag, fingerprint) in present {
      let isStranger =
        if let word = expected.first(where: { $0.flag == flag })?.fingerprint {
          word != fingerprint
        } else {
          switch book[flag] {
          case .open: false
          case .bound(let digest): digest.hex != fingerprint
          case .lost: true
          }
        }
      surroundings.set(.stranger, of: flag, to: isStranger)
    }
  }

  /// A sensor was opened under a policy that allows it: from now on it is the one.
  package func opened(_ identity: SensorIdentity) {
    guard let fingerprint = try? Digest(hex: SensorFingerprint.of(identity)) else { return }
    state.withLock { state in
      if case .bound = state.book[Self.flag(identity)] { return }
      state.book[Self.flag(identity)] = .bound(fingerprint)
      state.isStored = false
    }
    store()
  }

  /// What fails is tried again with the next opening.
  private func store() {
    turn.withLock { _ in
      guard let book = state.withLock({ $0.isStored ? nil : $0.book }) else { return }
      do throws(AgentError) {
        try file.store(book)
        state.withLock { state in if state.book == book { state.isStored = true } }
      } catch {
        logger.warning("which sensors are allowed could not be stored: \(error)")
      }
    }
  }

  private static func flag(_ identity: SensorIdentity) -> Flag {
    identity.kind == .camera ? .sensorCamera : .sensorMicrophone
  }
}
