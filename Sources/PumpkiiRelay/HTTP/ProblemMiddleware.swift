internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// The outermost middleware: turns every error, also an unknown path or method, into a problem document, and writes the
/// one log line of a request, which holds the route's pattern and never what stood in its place.
struct ProblemMiddleware: RouterMiddleware {
  typealias Context = RelayContext

  /// Bodies above this are not worth reading to the end once their request is refused.
  private static let drainLimit = 1 << 20

  let routes: RouteTable
  let log: RelayLog

  func handle(
    _ request: Request, context: RelayContext, next: (Request, RelayContext) async throws -> Response
  ) async throws -> Response {
    do {
      let response = try await next(request, context)
      log.request(request.method, context.endpointPath, response.status, code: nil)
      return response
    } catch {
      let problem = problem(of: error, request)
      log.request(request.method, context.endpointPath, problem.status, code: problem.code)
      if problem.status == .internalServerError { log.failure(error) }
      var response = problem.response
      if isLong(request) { close(context, &response) }
      // An answer to HEAD has no body; what follows its head would be taken for the next answer.
      if request.method == .head { response.body = ResponseBody() }
      return response
    }
  }

  /// An unknown path is 404; a known one with a method that it does not have is 405.
  private func problem(of error: any Error, _ request: Request) -> Problem {
    let problem = Problem(error)
    guard problem.code == "not-found" else { return problem }
    let methods = routes.methods(of: request.uri.path)
    guard !methods.isEmpty else { return problem }
    var notAllowed = Problem(.methodNotAllowed, "method-not-allowed", "this path does not have the method")
    notAllowed.allow = methods
    return notAllowed
  }

  private func isLong(_ request: Request) -> Bool {
    if request.headers[.transferEncoding] != nil { return true }
    return request.headers[.contentLength].flatMap { Int($0) }.map { $0 > Self.drainLimit } ?? false
  }

  /// The server library would read such a body to its end; the answer is given time to arrive, then the line is cut. In
  /// HTTP/2 the line is one stream, whose answer may not speak of the connection.
  private func close(_ context: RelayContext, _ response: inout Response) {
    let channel = context.channel
    if !context.isStream { response.headers[.connection] = "close" }
    channel.eventLoop.scheduleTask(in: .seconds(1)) { channel.close(promise: nil) }
  }
}

/// The paths and methods that the relay has, in the router's own notation.
package struct RouteTable: Sendable {
  private var routes: [(pattern: [String], method: String)] = []

  /// An empty table.
  package init() {}

  /// Adds one resource.
  package mutating func add(_ pattern: String, _ method: String) {
    routes.append((pattern.split(separator: "/").map(String.init), method))
  }

  /// The methods that a path has, empty for one that is not there.
  package func methods(of path: String) -> [String] {
    let parts = path.split(separator: "/")
    return routes.filter { route in
      route.pattern.count == parts.count && zip(route.pattern, parts).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
    }.map(\.method)
  }
}
