internal import HTTPTypes
internal import Hummingbird
internal import NIOCore

/// Lets in only who meant this very address. A page of a stranger in a browser on this machine reaches loopback too: by
/// a name that was made to lead here (DNS rebinding), which the Host header gives away, or by embedding our addresses,
/// which the browser tells of. No answer allows another origin anything.
package struct PreviewGuard: RouterMiddleware {
  typealias Context = PreviewContext

  let settings: PreviewSettings

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard isOurs(request.head.authority) else {
      return Self.answer(.misdirectedRequest, wrongAddress)
    }
    guard request.headers[Self.site].map({ $0 != "cross-site" }) ?? true else {
      return Self.answer(.forbidden, "another site may not show the preview\n")
    }
    do {
      return Self.sealed(try await next(request, context))
    } catch let error as HTTPError {
      return Self.answer(error.status, "\(error.status.reasonPhrase)\n")
    }
  }

  private var wrongAddress: String {
    settings.isLAN
      ? "this name is not the preview's; open it by the board's address, or list the name under preview.names\n"
      : "this address is not the preview's; open it by 127.0.0.1\n"
  }

  /// Names that nobody else can claim: loopback, and where others may look a literal address and what the board's runner
  /// listed.
  private func isOurs(_ authority: String?) -> Bool {
    guard let authority, let (host, _) = PreviewSettings.split(authority) else { return false }
    if PreviewSettings.isLoopback(host) { return true }
    return settings.isLAN && (PreviewSettings.isLiteral(host) || settings.names.contains(host.lowercased()))
  }

  /// Whether a request came from this machine: by the address of its connection, whatever it says of itself.
  package static func isHere(_ peer: String?) -> Bool {
    guard let peer else { return false }
    let mapped = "::ffff:"
    return PreviewSettings.isLoopback(peer.hasPrefix(mapped) ? String(peer.dropFirst(mapped.count)) : peer)
  }

  static func answer(_ status: HTTPResponse.Status, _ text: String, type: String = "text/plain; charset=utf-8")
    -> Response
  {
    sealed(
      Response(status: status, headers: [.contentType: type], body: ResponseBody(byteBuffer: ByteBuffer(string: text))))
  }

  private static func sealed(_ response: Response) -> Response {
    var response = response
    response.headers[.cacheControl] = "no-store"
    if let name = HTTPField.Name("X-Content-Type-Options") { response.headers[name] = "nosniff" }
    if let name = HTTPField.Name("Cross-Origin-Resource-Policy") { response.headers[name] = "same-origin" }
    if let name = HTTPField.Name("Referrer-Policy") { response.headers[name] = "no-referrer" }
    if let name = HTTPField.Name("Content-Security-Policy") {
      response.headers[name] =
        "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    }
    return response
  }

  private static let site = HTTPField.Name("Sec-Fetch-Site") ?? .origin
}
