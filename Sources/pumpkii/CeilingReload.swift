internal import Logging
internal import PumpkiiAgent
internal import ServiceLifecycle
internal import UnixSignals

/// Reads the configuration's ceiling anew at each SIGHUP. A file that cannot be read allows nothing until it can.
struct CeilingReload: Service {
  let agent: Agent
  let options: AgentOptions
  let logger: Logger

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  func run() async throws {
    for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
      do {
        await agent.reload(ceiling: try options.configuration().ceiling)
      } catch {
        logger.error("everything is denied until the configuration can be read: \(error)")
        await agent.reload(ceiling: [:])
      }
    }
  }
}
