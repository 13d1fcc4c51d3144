import Logging
import PumpkiiService
import PumpkiiSystem
import ServiceLifecycle
import Testing

@Suite struct GentleServiceTests {
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Notes how it is ended.
  private struct Noting: Service {
    let isUp = Published(false)
    let end = Published("")

    func run() async throws {
      isUp.set(true)
      do {
        try await gracefulShutdown()
        end.set("stopped")
      } catch {
        end.set("cancelled")
        throw error
      }
    }
  }

  private struct Failing: Service {
    struct Failure: Error {}
    func run() async throws { throw Failure() }
  }

  @Test func cancellationStopsItGracefully() async throws {
    let service = Noting()
    let running = Task { try await GentleService(service, logger: Self.quiet).run() }
    _ = await service.isUp.wait { $0 }
    running.cancel()
    try await running.value
    #expect(service.end.value == "stopped")
  }

  @Test func itsFailureIsPassedOn() async {
    await #expect(throws: Failing.Failure.self) { try await GentleService(Failing(), logger: Self.quiet).run() }
  }
}
