internal import Logging
internal import PumpkiiRelay
internal import ServiceLifecycle

/// A relay on loopback, in this process.
enum BenchRelay {
  /// - Parameter body: gets its origin and its pin.
  static func with<Result: Sendable>(
    _ folder: String, _ body: (String, String) async throws -> Result
  ) async throws -> Result {
    let pin = try RelayServer.initialize(home: "\(folder)/relay")
    let server = try RelayServer(configuration: RelayConfiguration(home: "\(folder)/relay"), logger: quiet("relay"))
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await ServiceGroup(services: [server], logger: quiet("services")).run() }
      let port = await server.port
      guard port > 0 else { throw BenchError("the relay did not start") }
      let result = try await body("https://127.0.0.1:\(port)", pin)
      group.cancelAll()
      return result
    }
  }

  private static func quiet(_ label: String) -> Logger { Logger(label: label) { _ in SwiftLogNoOpLogHandler() } }
}
