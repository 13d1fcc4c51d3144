internal import ArgumentParser
internal import Logging
internal import PumpkiiAgent
internal import PumpkiiCapture
internal import PumpkiiDocument
internal import PumpkiiSimulation
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault

/// The frame around every command: runs it, and turns its error into one line, an advice, and an exit status.
enum Program {
  static func run(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch is CancellationError {
      throw ExitCode(130)
    } catch let error where error is ExitCode || error is CleanExit || error is ValidationError {
      throw error
    } catch {
      Output.note("pumpkii: \(error)")
      throw ExitCode(status(of: error).rawValue)
    }
  }

  /// A logger to standard error; nothing personal is ever given to it.
  static func logger(_ label: String, level: String) -> Logger {
    var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
    logger.logLevel = Logger.Level(rawValue: level) ?? .info
    return logger
  }

  private static func status(of error: any Error) -> ExitStatus {
    switch error {
    case let error as AgentError: status(of: error.code)
    case let error as TransportError: status(of: error.code)
    case is DocumentError: .configuration
    case is CaptureError, is SimulationError: .noInput
    case is SystemError: .ioError
    case is VaultError: .dataError
    case let error as any ExitStatusProviding: error.exitStatus
    default: .software
    }
  }

  private static func status(of code: AgentError.Code) -> ExitStatus {
    switch code {
    case .home: .ioError
    case .notPaired, .configuration: .configuration
    case .alreadyPaired: .usage
    case .pairing: .protocolError
    case .policy, .permission, .clone, .rollback: .noPermission
    case .keys, .audit: .dataError
    }
  }

  private static func status(of code: TransportError.Code) -> ExitStatus {
    switch code {
    case .badAddress, .notLoopback: .usage
    case .pinMismatch, .certificate, .malformed, .tooLarge: .protocolError
    case .refused: .noPermission
    default: .unavailable
    }
  }
}

/// An error of another room that knows how a command should end.
protocol ExitStatusProviding: Error {
  var exitStatus: ExitStatus { get }
}
