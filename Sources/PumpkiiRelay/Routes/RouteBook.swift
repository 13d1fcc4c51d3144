internal import HTTPTypes
internal import Hummingbird

/// Registers resources with the router and with the table that tells 405 from 404.
struct RouteBook {
  typealias Handler = @Sendable (Request, RelayContext) async throws -> Response

  private var routes: [(path: String, method: HTTPRequest.Method, handler: Handler)] = []

  /// All resources of the relay.
  init(_ desk: Desk) {
    AccountRoutes(desk: desk).add(to: &self)
    CameraRoutes(desk: desk).add(to: &self)
    LiveRoutes(desk: desk).add(to: &self)
    ClipRoutes(desk: desk).add(to: &self)
    DiagnosticsRoutes(desk: desk).add(to: &self)
    BeaconRoutes(desk: desk).add(to: &self)
    EventRoutes(desk: desk).add(to: &self)
  }

  /// Method and path of each, as `GET /v1/cameras/{device}/live`.
  var names: [String] {
    routes.map { route in
      let parts = route.path.split(separator: "/").map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }
      return "\(route.method.rawValue) /\(parts.joined(separator: "/"))"
    }
  }

  mutating func on(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
    routes.append((path, method, handler))
  }

  func router(_ log: RelayLog) -> Router<RelayContext> {
    var table = RouteTable()
    for route in routes { table.add(route.path, route.method.rawValue) }
    let router = Router(context: RelayContext.self)
    router.add(middleware: ProblemMiddleware(routes: table, log: log))
    for route in routes {
      router.on(RouterPath(route.path), method: route.method, use: route.handler)
    }
    return router
  }
}
