internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import ServiceLifecycle

/// A device came or went: what was gone may be there again, whether anybody wants to open it or not. Whoever does and
/// fails says so anew.
struct AbsenceWatch: Service {
  let arrivals: Published<UInt64>
  let surroundings: Surroundings
  /// Those that the agent has.
  let sensors: [Flag]

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  func run() async throws {
    await cancelWhenGracefulShutdown {
      var seen = await arrivals.next(after: 0).version
      while !Task.isCancelled {
        seen = await arrivals.next(after: seen).version
        for sensor in sensors { surroundings.setAbsent(sensor, false) }
      }
    }
  }
}
