internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import PumpkiiWire
internal import Synchronization

/// One request, before it has a relay and a token.
struct Outgoing: Sendable {
  let method: HTTPMethod
  let path: String
  let body: HTTPClientRequest.Body?
  let type: String?
  let accept: String?
  /// Seconds until the answer must have begun, the sending included.
  let seconds: Int64

  init(
    _ method: HTTPMethod, _ path: String, body: HTTPClientRequest.Body? = nil, type: String? = nil,
    accept: String? = nil, seconds: Int64 = RelayConnection.answerSeconds
  ) {
    self.seconds = seconds
    self.method = method
    self.path = path
    self.body = body
    self.type = type
    self.accept = accept
  }

  func request(at origin: String, token: String?) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: origin + path)
    request.method = method
    request.body = body
    request.headers.add(name: "user-agent", value: HTTPClients.userAgent)
    if let type { request.headers.add(name: "content-type", value: type) }
    if let accept { request.headers.add(name: "accept", value: accept) }
    if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
    return request
  }
}

extension RelayConnection {
  /// How long a relay may take to begin its answer.
  static let answerSeconds: Int64 = 45

  /// Bytes a second below which sending a file is given up: somebody else's turn.
  private static let slowestBytes: Int64 = 8 << 10

  /// Sends a file, piece by piece, on a connection beside those of control; ends with its task.
  /// - Throws: ``TransportError``.
  package func send(_ method: Method, _ path: String, body: FileBody) async throws(TransportError) {
    let count = Int64(body.byteCount)
    let outgoing = Outgoing(
      HTTPMethod(rawValue: method.rawValue), path,
      body: .stream(body.map { ByteBuffer(bytes: $0) }, length: .known(count)),
      type: "application/octet-stream", seconds: Self.answerSeconds + count / Self.slowestBytes)
    _ = try await collect(try await open(outgoing, over: .media), limit: 64 << 10)
  }

  /// A request and its whole answer.
  /// - Throws: ``TransportError``.
  func exchange(_ outgoing: Outgoing, limit: Int, authenticated: Bool) async throws(TransportError) -> [UInt8] {
    let response = try await open(outgoing, authenticated: authenticated)
    return try await collect(response, limit: limit)
  }

  /// A request and the head of its answer, the body still to come; what is no success is thrown.
  /// - Throws: ``TransportError``.
  func open(
    _ outgoing: Outgoing, over lane: HTTPClients.Lane = .control, authenticated: Bool = true
  ) async throws(TransportError) -> HTTPClientResponse {
    var token = authenticated ? try await token(renew: false) : nil
    var mayLogIn = authenticated
    while true {
      let response = try await execute(outgoing, lane, token)
      if (200..<300).contains(response.status.code) { return response }
      let problem = (try? await collect(response, limit: ProblemDocument.limit)) ?? []
      guard response.status == .unauthorized, mayLogIn else {
        throw ProblemDocument.error(status: Int(response.status.code), body: problem)
      }
      mayLogIn = false
      token = try await self.token(renew: true)
    }
  }

  /// One exchange of heads. A connection from the pool may have died while it was idle; that is found out by using it,
  /// and every request is made so that sending the same bytes again does no harm.
  private func execute(
    _ outgoing: Outgoing, _ lane: HTTPClients.Lane, _ token: String?
  ) async throws(TransportError) -> HTTPClientResponse {
    var retries = true
    while true {
      let client = try await clients()[lane]
      do {
        let request = outgoing.request(at: address.origin, token: token)
        return try await client.execute(request, timeout: .seconds(outgoing.seconds))
      } catch {
        guard retries, TransportError.isStaleConnection(error) else { throw TransportError(network: error, address) }
        retries = false
      }
    }
  }

  /// The HTTP clients; behind a pin, made with the certificate that one connection fetches.
  /// - Throws: ``TransportError``.
  func clients() async throws(TransportError) -> HTTPClients {
    if let clients = try current() { return clients }
    guard let pin = address.pin else { throw Self.wasShutDown }
    let made = try HTTPClients(address: address, certificate: try await PinnedCertificate.fetch(address, pin: pin))
    let kept = state.withLock { state -> HTTPClients? in
      if state.clients == nil, !state.isShutDown { state.clients = made }
      return state.clients
    }
    // Somebody else was faster, or it was shut down meanwhile.
    if kept?.control !== made.control { await made.shutdown() }
    guard let kept else { throw Self.wasShutDown }
    return kept
  }

  private func current() throws(TransportError) -> HTTPClients? {
    let (clients, isShutDown) = state.withLock { ($0.clients, $0.isShutDown) }
    if isShutDown { throw Self.wasShutDown }
    return clients
  }

  private static var wasShutDown: TransportError { TransportError(.shutDown, "the connection was shut down") }

  private func collect(_ response: HTTPClientResponse, limit: Int) async throws(TransportError) -> [UInt8] {
    do {
      return Array(try await response.body.collect(upTo: limit).readableBytesView)
    } catch {
      throw TransportError(network: error, address)
    }
  }
}
