internal import Logging
internal import PumpkiiClient
internal import ServiceLifecycle
internal import UnixSignals

/// Ctrl-C and a polite kill cancel what a command does; it then ends by itself, with its files whole.
enum Interrupt {
  private struct Work: Service {
    let body: @Sendable () async throws -> Void
    func run() async throws { try await body() }
  }

  /// - Throws: what `body` throws, `CancellationError` when it was cancelled.
  static func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
    let work = ServiceGroupConfiguration.ServiceConfiguration(
      service: Work(body: body), successTerminationBehavior: .gracefullyShutdownGroup,
      failureTerminationBehavior: .cancelGroup)
    let group = ServiceGroup(
      configuration: ServiceGroupConfiguration(
        services: [work], cancellationSignals: [.sigint, .sigterm],
        logger: Logger(label: "pumpkii", factory: { _ in SwiftLogNoOpLogHandler() })))
    do {
      try await group.run()
    } catch let error as ClientError where error.code == .cancelled {
      throw CancellationError()
    }
  }
}
