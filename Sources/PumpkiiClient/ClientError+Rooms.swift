internal import PumpkiiChain
internal import PumpkiiMedia
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

extension ClientError {
  /// The error of a room below in this room's words, its code kept.
  init(of error: any Error) {
    self =
      switch error {
      case let error as ClientError: error
      case let error as TransportError: Self.transport(error)
      case let error as VaultError: ClientError(Code(rawValue: error.code.rawValue), error.detail)
      case let error as ChainError: ClientError(Code(rawValue: error.code.rawValue), error.detail)
      case let error as WireError: ClientError(Code(rawValue: error.code.rawValue), error.field)
      case let error as SystemError: ClientError(.home, error.description, advice: Self.advice(error))
      case let error as MediaError: ClientError(.media, "\(error)")
      case is CancellationError: ClientError(.cancelled, "cancelled")
      default: ClientError(.home, "\(error)")
      }
  }

  private static func advice(_ error: SystemError) -> String {
    if error.isForbidden { return "run it as the user whose folder it is, or give another one with --home" }
    if [SystemError.noSpace, SystemError.noQuota].contains(error.errno) { return "make room on the disk" }
    return "check that the folder exists and its disk is well"
  }

  private static func transport(_ error: TransportError) -> ClientError {
    switch error.code {
    case .cancelled: ClientError(.cancelled, "cancelled")
    default:
      ClientError(
        Code(rawValue: error.problem ?? error.code.rawValue), error.detail, advice: error.advice,
        isTransient: error.isTransient, isForbidden: error.status == 403)
    }
  }

  /// Runs `body` and puts what a lower room throws into this room's words.
  /// - Throws: ``ClientError``.
  static func translating<Result>(_ body: () throws -> Result) throws(ClientError) -> Result {
    do { return try body() } catch { throw ClientError(of: error) }
  }

  /// As above for what waits.
  /// - Throws: ``ClientError``.
  static func translating<Result>(_ body: () async throws -> Result) async throws(ClientError) -> Result {
    do { return try await body() } catch { throw ClientError(of: error) }
  }
}
