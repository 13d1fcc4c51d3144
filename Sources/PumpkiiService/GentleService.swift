package import Logging
internal import PumpkiiSystem
package import ServiceLifecycle

/// A service that is never cancelled: cancelling this one stops it gracefully.
///
/// A server whose connections are cancelled under it leaves writers behind that nobody finished, and the server library
/// ends the process for that: no way to end an agent, or somebody's test.
package struct GentleService<Base: Service>: Service {
  private let base: Base
  private let logger: Logger

  package init(_ base: Base, logger: Logger) {
    self.base = base
    self.logger = logger
  }

  /// Runs it until graceful shutdown or cancellation.
  /// - Throws: what it throws.
  package func run() async throws {
    let stop = Published(false)
    var configuration = ServiceGroupConfiguration(services: [base], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(5)
    configuration.maximumCancellationDuration = .seconds(5)
    let group = ServiceGroup(configuration: configuration)
    // The one task without a parent, so that a cancelled parent cannot reach the service except by `stop`.
    let serving = Task { try await Self.serve(group, until: stop) }
    try await withTaskCancellationOrGracefulShutdownHandler {
      try await serving.value
    } onCancelOrGracefulShutdown: {
      stop.set(true)
    }
  }

  private static func serve(_ group: ServiceGroup, until stop: Published<Bool>) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      tasks.addTask {
        guard await stop.wait(until: { $0 }) else { return }
        await group.triggerGracefulShutdown()
        // The group's own end is what is waited for.
        try? await Task.sleep(for: .seconds(60))
      }
      try await tasks.next()
      tasks.cancelAll()
    }
  }
}
