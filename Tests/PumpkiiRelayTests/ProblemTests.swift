import Foundation
import NIOHTTP1
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

/// A request that is refused, and how.
struct BadRequest: Sendable, CustomTestStringConvertible {
  enum Who: Sendable { case nobody, owner, guest, device }

  let method: TestMethod
  let path: String
  var who = Who.nobody
  var body: [UInt8] = []
  let status: Int
  let code: String

  var testDescription: String { "\(method.rawValue) \(path.prefix(60)) → \(code)" }

  static let zeros16 = String(repeating: "0", count: 32)
  static let zeros32 = String(repeating: "0", count: 64)

  static let table: [BadRequest] = [
    .init(method: .get, path: "/", status: 404, code: "not-found"),
    .init(method: .get, path: "/v1/nothing", status: 404, code: "not-found"),
    .init(method: .get, path: "/v1/cameras/a/b/c/d/e", status: 404, code: "not-found"),
    .init(method: .delete, path: "/v1/cameras", status: 405, code: "method-not-allowed"),
    .init(method: .get, path: "/v1/login", status: 405, code: "method-not-allowed"),
    .init(method: .patch, path: "/v1/cameras/DEVICE/live", status: 405, code: "method-not-allowed"),
    .init(method: .get, path: "/v1/cameras", status: 401, code: "token"),
    .init(method: .get, path: "/v1/events", status: 401, code: "token"),
    .init(method: .post, path: "/v1/login", body: Array("[".utf8), status: 400, code: "bad-json"),
    .init(method: .post, path: "/v1/login", status: 400, code: "bad-json"),
    .init(
      method: .post, path: "/v1/login", body: Array(#"{"kind":"cat","key":"00","statement":""}"#.utf8), status: 400,
      code: "login-malformed"),
    .init(method: .post, path: "/v1/accounts/xyz/chain", status: 400, code: "bad-identifier"),
    .init(method: .post, path: "/v1/accounts/\(zeros16)/chain", status: 400, code: "bad-identifier"),
    .init(
      method: .post, path: "/v1/accounts/\(zeros32.replacing("0", with: "A"))/chain", status: 400,
      code: "bad-identifier"),
    .init(method: .post, path: "/v1/accounts/\(zeros32)/chain", status: 400, code: "chain-empty"),
    .init(
      method: .post, path: "/v1/accounts/\(zeros32)/chain", body: [0, 0, 0, 9], status: 400, code: "wire-truncated"),
    .init(
      method: .post, path: "/v1/accounts/\(zeros32)/chain", body: [255, 255, 255, 255], status: 400,
      code: "wire-over-limit"),
    .init(
      method: .post, path: "/v1/accounts/\(zeros32)/sealing-keys", body: [0, 0, 0, 1, 1], status: 404,
      code: "account-unknown"),
    .init(method: .get, path: "/v1/accounts/\(zeros32)/chain", who: .owner, status: 404, code: "account-unknown"),
    .init(method: .get, path: "/v1/cameras/\(zeros16)/roster", who: .owner, status: 404, code: "camera-unknown"),
    .init(method: .get, path: "/v1/cameras/\(zeros16)/live", who: .owner, status: 404, code: "camera-unknown"),
    .init(method: .put, path: "/v1/cameras/\(zeros16)/roster", who: .device, status: 403, code: "not-the-device"),
    .init(method: .put, path: "/v1/cameras/DEVICE/roster", who: .device, status: 409, code: "chain-rolled-back"),
    .init(method: .get, path: "/v1/cameras/DEVICE/keys/newest", who: .owner, status: 404, code: "keys-none"),
    .init(method: .get, path: "/v1/cameras/DEVICE/keys/-1", who: .owner, status: 400, code: "bad-identifier"),
    .init(method: .get, path: "/v1/cameras/DEVICE/keys/007", who: .owner, status: 400, code: "bad-identifier"),
    .init(
      method: .get, path: "/v1/cameras/DEVICE/keys/99999999999", who: .owner, status: 400, code: "bad-identifier"),
    .init(method: .put, path: "/v1/cameras/DEVICE/keys/1", who: .device, status: 400, code: "keys-items"),
    .init(method: .put, path: "/v1/cameras/DEVICE/keys/1", who: .owner, status: 403, code: "not-the-device"),
    .init(
      method: .post, path: "/v1/cameras/DEVICE/operations", who: .owner, body: [1], status: 400,
      code: "wire-truncated"),
    .init(
      method: .post, path: "/v1/cameras/DEVICE/operations", who: .owner, body: Array(repeating: 0, count: 9000),
      status: 413, code: "body-too-large"),
    .init(method: .post, path: "/v1/cameras/DEVICE/operations", who: .device, status: 403, code: "not-a-client"),
    .init(method: .delete, path: "/v1/cameras/DEVICE/operations/12", who: .device, status: 400, code: "bad-identifier"),
    .init(
      method: .put, path: "/v1/cameras/DEVICE/policy", who: .owner, body: [1], status: 400, code: "chain-malformed"),
    .init(
      method: .post, path: "/v1/cameras/DEVICE/commands", who: .owner, body: [1], status: 400, code: "chain-malformed"),
    .init(method: .put, path: "/v1/pairing/\(zeros32)/offer", status: 400, code: "pairing-empty"),
    .init(method: .put, path: "/v1/pairing/\(zeros32)/answer", body: [1], status: 404, code: "pairing-unknown"),
    .init(method: .post, path: "/v1/pairing/\(zeros32)/failure", status: 404, code: "pairing-unknown"),
    .init(method: .get, path: "/v1/pairing/zz/offer", status: 400, code: "bad-identifier"),
  ]
}

@Suite(.timeLimit(.minutes(10))) struct ProblemTests {
  @Test func everyRefusalIsAProblemDocumentWithItsCode() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      for bad in BadRequest.table {
        let asking: TestPeer =
          switch bad.who {
          case .nobody: peer
          case .owner: world.ownerPeer
          case .guest: world.guestPeer
          case .device: world.devicePeer
          }
        let path = bad.path.replacing("DEVICE", with: world.device.id.hex)
        let answer = try await asking.send(bad.method, path, bad.body)
        #expect(answer.code == bad.code, "\(bad.testDescription)")
        #expect(answer.status == bad.status, "\(bad.testDescription)")
        #expect(answer.json["status"] as? Int == bad.status)
        #expect(answer.json["type"] as? String == "about:blank")
        #expect(answer.json["title"] is String && answer.json["detail"] is String)
        #expect(answer.header("Content-Type") == "application/problem+json")
      }
      #expect(try await peer.send(.delete, "/v1/cameras").header("Allow") == "GET")
      #expect(try await peer.send(.get, "/v1/cameras").header("WWW-Authenticate") == "Bearer")
      let head = try await peer.send(.head, "/v1/cameras")
      #expect(head.status == 405 && head.body.isEmpty)
      #expect(try await peer.send(.get, "/healthz").body == Array("ok".utf8))
    }
  }

  @Test func tooManyRequestsSayWhenToComeBack() async throws {
    try await withRelay(limits { $0.unauthenticated = .init(burst: 3, perSecond: 0.1) }) { peer in
      for _ in 0..<3 { #expect(try await peer.send(.post, "/v1/login/challenge").status == 200) }
      let answer = try await peer.send(.post, "/v1/login/challenge")
      #expect(answer.status == 429)
      #expect(answer.code == "rate-limited")
      #expect(answer.header("Retry-After").flatMap { Int($0) }.map { (1...10).contains($0) } == true)
      // Tokens that are tried out count as well.
      var guesser = peer
      guesser.token = "AAAA"
      #expect(try await guesser.send(.get, "/v1/cameras").status == 429)
    }
  }

  @Test func eachIdentityHasARateOfItsOwn() async throws {
    try await withRelay(limits { $0.authenticated = .init(burst: 3, perSecond: 0.001) }) { peer in
      let (one, other) = (try await peer.joined(TestAccount()), try await peer.joined(TestAccount()))
      for _ in 0..<3 { #expect(try await one.send(.get, "/v1/cameras").status == 200) }
      #expect(try await one.send(.get, "/v1/cameras").status == 429)
      #expect(try await other.send(.get, "/v1/cameras").status == 200)
    }
  }

  @Test func aLongBodyIsRefusedUnread() async throws {
    try await withRelay(limits { $0.bodyBytes = 100_000 }) { peer in
      let path = "/v1/accounts/\(BadRequest.zeros32)/chain"
      let answer = try await peer.send(.post, path, Array(repeating: 0, count: 200_000))
      #expect(answer.code == "body-too-large")
    }
  }

  @Test func aHeaderThatIsTooLongNeverReachesTheRouter() async throws {
    try await withRelay { peer in
      let long = String(repeating: "a", count: 40_000)
      // The parser answers with a bare 400, or only with the end of the connection.
      let answer = try? await peer.send(.get, "/healthz", headers: HTTPHeaders([("X-Long", long)]))
      #expect((answer?.status ?? 400) == 400)
      let next = try await peer.send(.get, "/healthz")
      #expect(next.status == 200)
    }
  }

  @Test func noInputMakesTheRelayFail() async throws {
    try await withRelay(limits { $0.authenticated = .init(burst: 1e6, perSecond: 1e6) }) { peer in
      let world = try await TestWorld(peer)
      var random = SplitMix(state: 20_261_123)
      let seeds = try [
        EntryList.encode(world.owner.entries), EntryList.encode(world.device.roster.entries),
        world.device.keys(epoch: 1, to: [world.owner]).items, Array(#"{"kind":"device","key":"","statement":""}"#.utf8),
        world.device.operation(.narrow(flag: "x"), by: world.owner),
      ]
      let paths: [(TestMethod, String, TestPeer)] = [
        (.post, "/v1/login", peer), (.post, "/v1/accounts/\(world.owner.id.hex)/chain", world.ownerPeer),
        (.post, "/v1/accounts/\(world.owner.id.hex)/sealing-keys", world.ownerPeer),
        (.put, "\(world.path)/roster", world.devicePeer), (.put, "\(world.path)/keys/1", world.devicePeer),
        (.post, "\(world.path)/operations", world.ownerPeer), (.put, "\(world.path)/policy", world.ownerPeer),
        (.post, "\(world.path)/commands", world.ownerPeer),
      ]
      for round in 0..<160 {
        let (method, path, asking) = paths[round % paths.count]
        var body = seeds[Int(random.next() % UInt64(seeds.count))]
        for _ in 0...(random.next() % 4) where !body.isEmpty {
          switch random.next() % 3 {
          case 0: body[Int(random.next() % UInt64(body.count))] ^= UInt8(truncatingIfNeeded: random.next())
          case 1: body.removeLast(Int(random.next() % UInt64(body.count)))
          default: body += (0..<(random.next() % 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
          }
        }
        let answer = try await asking.send(method, path, body)
        #expect(answer.status < 500, "\(method.rawValue) \(path) \(Hex.encode(body))")
        #expect(answer.status < 300 || answer.code != nil)
      }
    }
  }
}

/// A small generator whose sequence a seed fixes (splitmix64).
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}

@Suite struct SmallPartsTests {
  @Test func base64URLIsStrict() {
    for count in 0..<70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37) }
      #expect(Base64URL.decode(Base64URL.encode(bytes)) == bytes)
    }
    #expect(Base64URL.encode([0xfb, 0xff]) == "-_8")
    for text in ["A", "AB==", "AB+/", "-_9", "A A", "Ä"] { #expect(Base64URL.decode(text) == nil, "\(text)") }
  }

  @Test func bucketsFillAgainAndAreForgottenWhenFull() {
    let limiter = RateLimiter(capacity: 2)
    let rate = RelayConfiguration.Rate(burst: 2, perSecond: 0.5)
    #expect(limiter.take("a", rate, now: 0) == nil)
    #expect(limiter.take("a", rate, now: 0) == nil)
    #expect(limiter.take("a", rate, now: 0) == 2)
    #expect(limiter.take("a", rate, now: 1_000_000_000) == 1)
    #expect(limiter.take("a", rate, now: 2_000_000_000) == nil)
    limiter.sweep(now: 3_000_000_000)
    #expect(limiter.count == 1)
    limiter.sweep(now: 60_000_000_000)
    #expect(limiter.count == 0)
  }

  @Test func severalTokensAreTakenAllOrNone() {
    let limiter = RateLimiter()
    let rate = RelayConfiguration.Rate(burst: 4, perSecond: 1)
    #expect(limiter.take("a", rate, count: 3, now: 0) == nil)
    #expect(limiter.take("a", rate, count: 3, now: 0) == 2)
    #expect(limiter.take("a", rate, now: 0) == nil)
    #expect(limiter.take("b", rate, count: 100, now: 0) == nil)
    #expect(limiter.take("b", rate, now: 0) == 1)
  }

  @Test func oneClockRunsAllBuckets() throws {
    // Buckets that were taken from by Unix time seemed full to a sweep by the monotonic clock.
    let folder = "\(repositoryRoot)/Sources/PumpkiiRelay"
    for file in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
      guard file.hasSuffix(".swift") else { continue }
      for line in try text("\(folder)/\(file)").split(separator: "\n") where line.contains("limiter.") {
        #expect(!line.contains("now:"), "\(file): \(line)")
      }
    }
    let limiter = RateLimiter()
    let rate = RelayConfiguration.Rate(burst: 1, perSecond: 0.001)
    #expect(limiter.take("a", rate, now: 2_000_000_000) == nil)
    limiter.sweep(now: 1_000_000_000)
    #expect(limiter.count == 1)
  }

  @Test func beyondItsCapacityStrangersShareABucket() {
    let limiter = RateLimiter(capacity: 2)
    let rate = RelayConfiguration.Rate(burst: 1, perSecond: 0.001)
    #expect(limiter.take("a", rate, now: 0) == nil)
    #expect(limiter.take("b", rate, now: 0) == nil)
    #expect(limiter.take("c", rate, now: 0) == nil)
    #expect(limiter.take("d", rate, now: 0) != nil)
    #expect(limiter.count == 3)
  }

  @Test func theTableTellsMethodsOfAPath() {
    var table = RouteTable()
    table.add("/v1/cameras/:device/live", "GET")
    table.add("/v1/cameras/:device/live", "POST")
    #expect(table.methods(of: "/v1/cameras/x/live") == ["GET", "POST"])
    #expect(table.methods(of: "/v1/cameras/x") == [])
    #expect(table.methods(of: "/v1/cameras/x/live/y") == [])
  }
}
