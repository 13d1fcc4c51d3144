import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1
import NIOSSL
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import ServiceLifecycle
import Testing

/// A folder of its own that is gone afterwards.
@discardableResult
func withFolder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("relay-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }
  return try await body(folder)
}

/// The default limits with a change.
func limits(_ change: (inout RelayConfiguration.Limits) -> Void) -> RelayConfiguration.Limits {
  var limits = RelayConfiguration.Limits()
  change(&limits)
  return limits
}

/// A relay that runs while `body` does and is stopped gracefully after it.
@discardableResult
func withRelay<Value: Sendable>(
  _ limits: RelayConfiguration.Limits = .init(), _ body: @escaping @Sendable (TestPeer) async throws -> Value
) async throws -> Value {
  try await withFolder { folder in
    var configuration = RelayConfiguration(home: folder)
    configuration.plain = true
    configuration.limits = limits
    return try await withRelay(configuration, body)
  }
}

@discardableResult
func withRelay<Value: Sendable>(
  _ configuration: RelayConfiguration, _ body: @escaping @Sendable (TestPeer) async throws -> Value
) async throws -> Value {
  let server = try RelayServer(configuration: configuration)
  let group = ServiceGroup(services: [server], logger: .init(label: "test"))
  return try await withThrowingTaskGroup(of: Void.self) { tasks in
    tasks.addTask { try await group.run() }
    let port = await server.port
    let origin = "\(configuration.plain ? "http" : "https")://127.0.0.1:\(port)"
    var settings = HTTPClient.Configuration()
    settings.tlsConfiguration = .makeClientConfiguration()
    settings.tlsConfiguration?.certificateVerification = .none
    let client = HTTPClient(configuration: settings)
    settings.httpVersion = .http1Only
    let lines = HTTPClient(configuration: settings)
    let result: Result<Value, any Error>
    do {
      result = .success(try await body(TestPeer(client: client, lines: lines, origin: origin)))
    } catch {
      result = .failure(error)
    }
    await group.triggerGracefulShutdown()
    try await tasks.waitForAll()
    try await client.shutdown()
    try await lines.shutdown()
    return try result.get()
  }
}

enum TestMethod: String, CaseIterable {
  case get = "GET"
  case put = "PUT"
  case post = "POST"
  case delete = "DELETE"
  case patch = "PATCH"
  case head = "HEAD"
}

struct TestAnswer: Sendable {
  let status: Int
  let headers: HTTPHeaders
  let body: [UInt8]

  var json: [String: Any] {
    (try? JSONSerialization.jsonObject(with: Data(body))) as? [String: Any] ?? [:]
  }
  func header(_ name: String) -> String? { headers.first(name: name) }
  var code: String? { json["code"] as? String }
  var entries: [[UInt8]] { (try? EntryList.decode(body)) ?? [] }
  var items: [WireItem] {
    get throws {
      var parser = WireItemParser()
      parser.append(body)
      var items: [WireItem] = []
      while let item = try parser.next() { items.append(item) }
      return items
    }
  }
}

/// Somebody who talks to the relay, with or without a token.
struct TestPeer: Sendable {
  let client: HTTPClient
  /// For a device's long requests: the client library ends the process when the answer to an HTTP/2 request ends before
  /// its body does.
  let lines: HTTPClient
  let origin: String
  var token: String?

  func request(_ method: TestMethod, _ path: String) -> HTTPClientRequest {
    var request = HTTPClientRequest(url: origin + path)
    request.method = HTTPMethod(rawValue: method.rawValue)
    if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
    return request
  }

  @discardableResult
  func send(
    _ method: TestMethod, _ path: String, _ body: [UInt8] = [], headers: HTTPHeaders = [:]
  ) async throws -> TestAnswer {
    var request = request(method, path)
    request.headers.add(contentsOf: headers)
    if !body.isEmpty { request.body = .bytes(body) }
    let response = try await client.execute(request, timeout: .seconds(120))
    let bytes = try await response.body.collect(upTo: 32 << 20)
    return TestAnswer(
      status: Int(response.status.code), headers: response.headers, body: Array(bytes.readableBytesView))
  }

  func challenge() async throws -> Challenge {
    let answer = try await send(.post, "/v1/login/challenge", Array("{}".utf8))
    let text = try #require(answer.json["challenge"] as? String)
    return try Challenge(try #require(Base64URL.decode(text)))
  }

  func statement(_ key: TestKey, _ challenge: Challenge, relay: LoginStatement.Relay? = nil) throws -> [UInt8] {
    let statement = LoginStatement(
      relay: relay ?? .origin(origin), keyID: KeyID(signing: try key.publicKey), challenge: challenge)
    return try key.sign(.login, statement).bytes
  }

  func logIn(_ key: TestKey, account: TestAccount? = nil, statement: [UInt8]) async throws -> TestAnswer {
    var body: [String: String] = [
      "kind": account == nil ? "device" : "client", "key": try key.publicKey.hex,
      "statement": Base64URL.encode(statement),
    ]
    body["account"] = account?.id.hex
    return try await send(.post, "/v1/login", Array(JSONEncoder().encode(body)))
  }

  /// The same peer with a token of this key.
  func authenticated(_ key: TestKey, account: TestAccount? = nil) async throws -> TestPeer {
    let answer = try await logIn(key, account: account, statement: statement(key, challenge()))
    var peer = self
    peer.token = try #require(answer.json["token"] as? String)
    return peer
  }

  /// Makes the account known and logs its client in.
  func joined(_ account: TestAccount) async throws -> TestPeer {
    let answer = try await send(.post, "/v1/accounts/\(account.id.hex)/chain", EntryList.encode(account.entries))
    try #require(answer.status == 200)
    return try await authenticated(account.key, account: account)
  }

  /// Puts the device's roster.
  @discardableResult
  func put(_ device: TestDevice) async throws -> TestAnswer {
    try await send(.put, "/v1/cameras/\(device.id.hex)/roster", EntryList.encode(device.roster.entries))
  }
}

/// An owner, a guest with video and photo, and a camera, all known to a relay.
struct TestWorld: Sendable {
  let owner: TestAccount
  let guest: TestAccount
  var device: TestDevice
  let ownerPeer: TestPeer
  let guestPeer: TestPeer
  let devicePeer: TestPeer

  init(_ peer: TestPeer) async throws {
    owner = try TestAccount()
    guest = try TestAccount()
    device = try TestDevice(owner: owner)
    ownerPeer = try await peer.joined(owner)
    guestPeer = try await peer.joined(guest)
    devicePeer = try await peer.authenticated(device.key)
    let grant = try device.grant(guest, [ClassMask(.video), ClassMask(.photo)], by: owner)
    try device.take(grant, owner, guest)
    try #require(try await devicePeer.put(device).status == 200)
  }

  var path: String { "/v1/cameras/\(device.id.hex)" }

  func putKeys(_ keys: TestKeys, epoch: UInt32) async throws -> TestAnswer {
    try await devicePeer.send(.put, "\(path)/keys/\(epoch)", keys.items)
  }
}

/// A lasting response, read piece by piece.
final class TestStream {
  private var iterator: HTTPClientResponse.Body.AsyncIterator
  private var parser = WireItemParser()
  private var text = ""
  let status: Int

  init(_ peer: TestPeer, _ path: String) async throws {
    let response = try await peer.client.execute(peer.request(.get, path), timeout: .seconds(120))
    status = Int(response.status.code)
    iterator = response.body.makeAsyncIterator()
  }

  init(_ response: HTTPClientResponse) {
    status = Int(response.status.code)
    iterator = response.body.makeAsyncIterator()
  }

  /// The next item that is no heartbeat and no hint of the device's presence; nil at the end.
  func item() async throws -> WireItem? {
    while let item = try await anyItem() { if item.kind != .heartbeat, item.kind != .presence { return item } }
    return nil
  }

  /// The next item of this kind; nil at the end.
  func item(_ kind: WireItem.Kind) async throws -> WireItem? {
    while let item = try await anyItem() { if item.kind == kind { return item } }
    return nil
  }

  /// The next item that is no heartbeat; nil at the end.
  func first() async throws -> WireItem? {
    while let item = try await anyItem() { if item.kind != .heartbeat { return item } }
    return nil
  }

  private func anyItem() async throws -> WireItem? {
    while true {
      if let item = try parser.next() { return item }
      guard let chunk = try await iterator.next() else { return nil }
      parser.append(chunk.readableBytesView)
    }
  }

  /// The next event that is no heartbeat, as `name data`; nil at the end.
  func event() async throws -> String? {
    while true {
      if let end = text.range(of: "\n\n") {
        let lines = text[..<end.lowerBound].split(separator: "\n")
        text.removeSubrange(..<end.upperBound)
        let parts = lines.compactMap { $0.split(separator: " ", maxSplits: 1).last }
        if lines.first?.hasPrefix(":") != true { return parts.joined(separator: " ") }
        continue
      }
      guard let chunk = try await iterator.next() else { return nil }
      text += String(decoding: chunk.readableBytesView, as: UTF8.self)
    }
  }

  /// Reads to the end; an end by a closed connection is one.
  func drain() async {
    do { while try await iterator.next() != nil {} } catch { return }
  }
}

/// A device's long request.
final class TestUplink {
  private let continuation: AsyncStream<ByteBuffer>.Continuation
  let answers: TestStream

  init(_ peer: TestPeer, _ path: String) async throws {
    let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
    self.continuation = continuation
    var request = peer.request(.post, path)
    request.body = .stream(stream, length: .unknown)
    continuation.yield(ByteBuffer(bytes: WireItem.control(.heartbeat, []).bytes))
    answers = TestStream(try await peer.lines.execute(request, timeout: .seconds(120)))
  }

  func send(_ bytes: [UInt8]) { continuation.yield(ByteBuffer(bytes: bytes)) }
  func finish() { continuation.finish() }
}
