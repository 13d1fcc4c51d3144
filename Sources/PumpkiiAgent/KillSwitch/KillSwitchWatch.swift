internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import ServiceLifecycle

/// Brings the kill switch before the judge. Until it was read for the first time it counts as thrown.
package struct KillSwitchWatch: Service {
  private let killSwitch: KillSwitch
  private let surroundings: Surroundings
  private let note: @Sendable (Bool) -> Void

  package init(killSwitch: KillSwitch, surroundings: Surroundings, note: @escaping @Sendable (Bool) -> Void) {
    self.killSwitch = killSwitch
    self.surroundings = surroundings
    self.note = note
    Self.set(true, surroundings)
  }

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var seen: UInt64 = 0
      while !Task.isCancelled {
        let (isThrown, version) = await killSwitch.isThrown.next(after: seen)
        seen = version
        Self.set(isThrown, surroundings)
        note(isThrown)
      }
    }
  }

  private static func set(_ isThrown: Bool, _ surroundings: Surroundings) {
    for flag in [Flag.sensorCamera, .sensorMicrophone] { surroundings.set(.killSwitch, of: flag, to: isThrown) }
  }
}
