internal import HTTPTypes
internal import Logging

/// The one place where the relay writes to its log. What may be said is what these functions take: patterns, codes and
/// numbers; no address, agent string, path, token or id of anybody.
struct RelayLog: Sendable {
  let logger: Logger

  func request(_ method: HTTPRequest.Method, _ pattern: String?, _ status: HTTPResponse.Status, code: String?) {
    logger.debug(
      "request",
      metadata: [
        "method": .string(Self.known(method)), "route": .string(pattern ?? "-"),
        "status": .stringConvertible(status.code),
        "code": .string(code ?? "-"),
      ])
  }

  /// Something that is the relay's own fault; the error's type only, as its text may quote what was stored.
  func failure(_ error: any Error) {
    logger.error("internal error", metadata: ["type": .string("\(type(of: error))")])
  }

  /// What happened, in fixed words and numbers.
  func note(_ what: StaticString, _ numbers: [String: Int] = [:]) {
    logger.info("\(what)", metadata: numbers.mapValues { .stringConvertible($0) })
  }

  /// A connection that broke a rule of the protocol.
  func breach(_ what: StaticString, code: String) {
    logger.notice("\(what)", metadata: ["code": .string(code)])
  }

  private static func known(_ method: HTTPRequest.Method) -> String {
    switch method {
    case .get, .put, .post, .delete, .head, .patch, .options: method.rawValue
    default: "other"
    }
  }
}
