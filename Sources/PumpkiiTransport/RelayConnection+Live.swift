internal import AsyncHTTPClient
internal import NIOCore
internal import NIOHTTP1
package import PumpkiiWire
internal import Synchronization

extension RelayConnection {
  /// A camera's stream: key messages, objects, beacons, heartbeats and loss notices, as they come.
  /// - Parameter classes: what is wanted; the relay sends no other class.
  /// - Throws: ``TransportError``.
  package func live(device: DeviceID, classes: ClassMask) async throws(TransportError) -> LiveDownlink {
    let names = classes.classes.map(\.name).joined(separator: ",")
    return try await items("/v1/cameras/\(device.hex)/live?classes=\(names)")
  }

  /// The items of an answer, as they come: a stream that lasts, or a clip.
  /// - Throws: ``TransportError``.
  package func items(_ path: String) async throws(TransportError) -> LiveDownlink {
    do throws(TransportError) {
      return try await listen(path, token: try await token(renew: false))
    } catch {
      guard error.status == 401 else { throw error }
      return try await listen(path, token: try await token(renew: true))
    }
  }

  private func listen(_ path: String, token: String) async throws(TransportError) -> LiveDownlink {
    let request = try request(.GET, path, token: token)
    let inbox = LiveInbox()
    let source = LiveSource(inbox, try await clients().media.execute(request: request, delegate: inbox))
    try await source.waitUntilAnswered(address)
    return LiveDownlink(source: source, address: address)
  }

  /// Posts something that is worth nothing a moment later, and does not wait for the answer: what fails is lost. Only a
  /// token that ran out is waited for, at most for a second.
  package func post(_ path: String, fleeting body: [UInt8]) async {
    guard let token = await freshToken(), let clients = try? await clients(),
      var request = try? request(.POST, path, token: token)
    else { return }
    request.headers.add(name: "content-type", value: "application/octet-stream")
    request.body = .byteBuffer(ByteBuffer(bytes: body))
    clients.control.execute(request: request, deadline: .now() + .seconds(4)).whenSuccess { [weak self] answer in
      guard answer.status == .unauthorized else { return }
      self?.state.withLock { if $0.token?.text == token { $0.token = nil } }
    }
  }

  private func freshToken() async -> String? {
    await withTaskGroup(of: String?.self) { group in
      group.addTask { try? await self.token(renew: false) }
      group.addTask {
        try? await Task.sleep(for: .seconds(1))
        return nil
      }
      defer { group.cancelAll() }
      return await group.next() ?? nil
    }
  }

  private func request(
    _ method: HTTPMethod, _ path: String, token: String
  ) throws(TransportError) -> HTTPClient.Request {
    do {
      return try HTTPClient.Request(
        url: address.origin + path, method: method,
        headers: ["user-agent": HTTPClients.userAgent, "authorization": "Bearer \(token)"])
    } catch {
      throw TransportError(network: error, address)
    }
  }
}
