internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PumpkiiChain
internal import PumpkiiWire

/// Why a request was refused: a problem document (RFC 9457) with a stable code. Everything that is no success and
/// reaches the router leaves the relay as one.
package struct Problem: Error, Sendable, Equatable {
  let status: HTTPResponse.Status
  /// The stable name that programs switch on.
  package let code: String
  /// One sentence for people; never content, a name or an address.
  let detail: String
  /// Seconds after which the same request may be made again.
  var retryAfter: Int?
  /// The methods that the path has, for 405.
  var allow: [String] = []

  init(_ status: HTTPResponse.Status, _ code: String, _ detail: String) {
    self.status = status
    self.code = code
    self.detail = detail
  }

  static func bad(_ code: String, _ detail: String) -> Problem { Problem(.badRequest, code, detail) }
  static func conflict(_ code: String, _ detail: String) -> Problem { Problem(.conflict, code, detail) }
  static func forbidden(_ code: String, _ detail: String) -> Problem { Problem(.forbidden, code, detail) }
  static func unknown(_ code: String, _ detail: String) -> Problem { Problem(.notFound, code, detail) }

  static func tooMany(retryAfter: Int) -> Problem {
    var problem = Problem(.tooManyRequests, "rate-limited", "too many requests; wait and try again")
    problem.retryAfter = retryAfter
    return problem
  }

  static let tooLarge = Problem(.contentTooLarge, "body-too-large", "the body is larger than this resource takes")
}

extension Problem {
  /// The problem that any error stands for.
  init(_ error: any Error) {
    switch error {
    case let problem as Problem: self = problem
    case let error as ChainError: self.init(chain: error)
    case let error as WireError: self.init(.badRequest, error.code.rawValue, error.field)
    case let error as any HTTPResponseError: self.init(status: error.status)
    default: self.init(.internalServerError, "internal", "the relay could not do this; nothing was acknowledged")
    }
  }

  /// A refusal of the server library, known by its status alone.
  private init(status: HTTPResponse.Status) {
    switch status {
    case .notFound: self = .unknown("not-found", "there is nothing under this path")
    case .contentTooLarge: self = .tooLarge
    default: self.init(status, "http-\(status.code)", status.reasonPhrase)
    }
  }

  private init(chain error: ChainError) {
    let status: HTTPResponse.Status =
      switch error.code {
      case .fork, .otherHead, .rolledBack, .wrongPrevious, .wrongVersion: .conflict
      case .notOwner, .notMember, .notAllowed: .forbidden
      case .wrongRelay, .wrongChallenge: .unauthorized
      default: .badRequest
      }
    self.init(status, error.code.rawValue, error.detail)
  }

  private struct Document: Encodable {
    let type = "about:blank"
    let title: String
    let status: Int
    let code: String
    let detail: String

    enum CodingKeys: String, CodingKey { case type, title, status, code, detail }
  }

  var response: Response {
    let document = Document(title: status.reasonPhrase, status: status.code, code: code, detail: detail)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let bytes = (try? encoder.encode(document)).map { Array($0) } ?? Array("{}".utf8)
    var headers = HTTPFields()
    headers[.contentType] = "application/problem+json"
    headers[.cacheControl] = "no-store"
    if let retryAfter { headers[.retryAfter] = String(retryAfter) }
    if !allow.isEmpty { headers[.allow] = allow.joined(separator: ", ") }
    if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
  }
}
