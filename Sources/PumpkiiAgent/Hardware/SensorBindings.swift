package import Logging
package import PumpkiiCapture
package import PumpkiiPolicy
internal import PumpkiiSystem
internal import Synchronization

/// Which camera and microphone consent was given for. The first one that is opened under a policy is remembered; the owner
/// may name another (`pumpkii permissions confirm`). Any other one in its place is a stranger, and denied.
package final class SensorBindings: Sendable {
  private static let fileName = "sensors"

  private struct State {
    /// By `camera` and `microphone`.
    var known: [String: String]
    /// The sensors that are there.
    var present: [Flag: String] = [:]
  }

  private let home: AgentHome
  private let surroundings: Surroundings
  private let logger: Logger
  private let state: Mutex<State>

  /// - Throws: ``AgentError`` `home` when the file cannot be read.
  package init(home: AgentHome, surroundings: Surroundings, logger: Logger) throws(AgentError) {
    self.home = home
    self.surroundings = surroundings
    self.logger = logger
    let text = try home.read(Self.fileName).map { String(decoding: $0, as: UTF8.self) } ?? ""
    var known: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2 { known[String(words[0])] = String(words[1]) }
    }
    state = Mutex(State(known: known))
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
    let (known, present) = state.withLock { ($0.known, $0.present) }
    for (flag, fingerprint) in present {
      let bound = expected.first { $0.flag == flag }?.fingerprint ?? known[Self.name(flag)]
      surroundings.set(.stranger, of: flag, to: bound != nil && bound != fingerprint)
    }
  }

  /// A sensor was opened under a policy that allows it: from now on it is the one.
  package func opened(_ identity: SensorIdentity) {
    let (flag, fingerprint) = (Self.flag(identity), SensorFingerprint.of(identity))
    let lines = state.withLock { state -> [String]? in
      guard state.known[Self.name(flag)] == nil else { return nil }
      state.known[Self.name(flag)] = fingerprint
      return state.known.map { "\($0.key) \($0.value)\n" }.sorted()
    }
    guard let lines else { return }
    do throws(AgentError) {
      try home.write(Array(lines.joined().utf8), Self.fileName)
    } catch {
      logger.warning("which \(identity.kind.rawValue) is allowed could not be stored: \(error)")
    }
  }

  private static func flag(_ identity: SensorIdentity) -> Flag {
    identity.kind == .camera ? .sensorCamera : .sensorMicrophone
  }

  private static func name(_ flag: Flag) -> String { flag == .sensorCamera ? "camera" : "microphone" }
}
