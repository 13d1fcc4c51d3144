internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
internal import NIOSSL
package import PumpkiiWire
internal import Synchronization

/// One identity at one relay. It connects, pins and logs in when first used, renews its 15-minute token in time, and
/// tries once more when the relay no longer knows the token.
///
/// Everything it opens ends with ``shutdown()`` and with the cancellation of the task that uses it.
package final class RelayConnection: Sendable {
  /// A stream on which not even a heartbeat came for this long is a lost connection; heartbeats come every 5 seconds.
  package static let silenceSeconds: Int64 = 15

  /// What can be done to something at a relay.
  package enum Method: String, Sendable {
    case get = "GET"
    case put = "PUT"
    case post = "POST"
    case delete = "DELETE"
  }

  struct State {
    var clients: HTTPClients?
    var token: RelayToken?
    var isShutDown = false
    /// What the HTTP clients know nothing of.
    var uplinks: [ObjectIdentifier: any Channel] = [:]
  }

  /// The relay.
  package let address: RelayAddress
  let signer: LoginSigner
  let state: Mutex<State>

  /// Nothing is connected yet.
  /// - Throws: ``TransportError`` when the HTTP client cannot be made.
  package init(address: RelayAddress, signer: LoginSigner) throws(TransportError) {
    self.address = address
    self.signer = signer
    // Behind a pin the clients wait for the certificate.
    let clients = address.pin == nil ? try HTTPClients(address: address, certificate: nil) : nil
    state = Mutex(State(clients: clients))
  }

  deinit { state.withLock { $0.clients }?.beginShutdown() }

  /// The body of an answer; empty for "no content".
  /// - Throws: ``TransportError``.
  package func get(
    _ path: String, limit: Int = 1 << 20, authenticated: Bool = true
  ) async throws(TransportError) -> [UInt8] {
    try await exchange(Outgoing(.GET, path), limit: limit, authenticated: authenticated)
  }

  /// Sends `body` and gives the answer's body.
  /// - Throws: ``TransportError``.
  @discardableResult
  package func send(
    _ method: Method, _ path: String, body: [UInt8] = [], contentType: String = "application/octet-stream",
    limit: Int = 1 << 20, authenticated: Bool = true
  ) async throws(TransportError) -> [UInt8] {
    let bytes = HTTPClientRequest.Body.bytes(ByteBuffer(bytes: body))
    let outgoing = Outgoing(HTTPMethod(rawValue: method.rawValue), path, body: bytes, type: contentType)
    return try await exchange(outgoing, limit: limit, authenticated: authenticated)
  }

  /// The events for this identity; connects when iterated and ends, with an error, when the connection does.
  package func events() -> RelayEvents { RelayEvents(connection: self) }

  /// A device's way up: a request body that goes on, and the relay's acknowledgements beside it.
  /// - Parameter cargo: what is sent, and who hears what the relay has taken; nil for ``Uplink/send(_:)`` alone.
  /// - Throws: ``TransportError``.
  package func uplink(
    device: DeviceID, cargo: (any UplinkCargo)? = nil
  ) async throws(TransportError) -> Uplink {
    let path = "/v1/cameras/\(device.hex)/live"
    let connector = try await connector(cargo)
    do {
      return try await open(connector, path, token: try await token(renew: false))
    } catch {
      guard error.status == 401 else { throw error }
      return try await open(connector, path, token: try await token(renew: true))
    }
  }

  /// Ends everything under way; calls after it fail with `relay-connection-shut-down`.
  package func shutdown() async {
    let (clients, uplinks) = state.withLock { state in
      state.isShutDown = true
      defer { state.clients = nil }
      return (state.clients, Array(state.uplinks.values))
    }
    for channel in uplinks { channel.close(promise: nil) }
    await clients?.shutdown()
  }

  private func connector(_ cargo: (any UplinkCargo)?) async throws(TransportError) -> UplinkConnector {
    let tls = try await clients().tls
    do {
      return UplinkConnector(
        address: address, tls: address.isTLS ? try NIOSSLContext(configuration: tls) : nil, cargo: cargo)
    } catch {
      throw TransportError(network: error, address)
    }
  }

  private func open(
    _ connector: UplinkConnector, _ path: String, token: String
  ) async throws(TransportError) -> Uplink {
    let (uplink, channel) = try await connector.open(path, token: token)
    let id = ObjectIdentifier(channel)
    let isShutDown = state.withLock { state in
      if !state.isShutDown { state.uplinks[id] = channel }
      return state.isShutDown
    }
    if isShutDown { channel.close(promise: nil) }
    channel.closeFuture.whenComplete { [weak self] _ in
      self?.state.withLock { _ = $0.uplinks.removeValue(forKey: id) }
    }
    return uplink
  }
}
