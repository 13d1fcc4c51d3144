internal import PumpkiiSystem
internal import ServiceLifecycle

/// Runs a service once every address is listened on: an agent that cannot show what its configuration says ends before
/// it opens a sensor.
struct LateService: Service {
  /// Ports, nil until there is one; 0 never counts.
  let ports: [Published<Int?>]
  let service: any Service

  /// - Throws: what the service throws.
  func run() async throws {
    let isReady = await cancelWhenGracefulShutdown {
      for port in ports { guard await port.wait(until: { ($0 ?? 0) > 0 }) else { return false } }
      return true
    }
    if isReady { try await service.run() }
  }
}
