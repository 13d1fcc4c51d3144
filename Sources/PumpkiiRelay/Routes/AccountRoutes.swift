internal import Hummingbird
internal import PumpkiiChain
internal import PumpkiiWire

/// `/v1/login` and `/v1/accounts`.
struct AccountRoutes {
  private struct ChallengeAnswer: Encodable {
    let challenge: String
    let expiresIn: Int
    enum CodingKeys: String, CodingKey {
      case challenge
      case expiresIn = "expires_in"
    }
  }

  private struct LoginRequest: Decodable, Sendable {
    let kind: String
    let key: String
    let account: String?
    let statement: String
  }

  private struct LoginAnswer: Encodable {
    let token: String
    let expiresIn: Int
    let id: String
    enum CodingKeys: String, CodingKey {
      case token, id
      case expiresIn = "expires_in"
    }
  }

  private struct ChainAnswer: Encodable {
    let version: UInt32
    let head: String
  }

  private struct TakenAnswer: Encodable {
    let taken: Int
  }

  let desk: Desk

  func add(to book: inout RouteBook) {
    book.on(.post, "/v1/login/challenge", challenge)
    book.on(.post, "/v1/login", logIn)
    book.on(.post, "/v1/accounts/:account/chain", putChain)
    book.on(.get, "/v1/accounts/:account/chain", chain)
    book.on(.post, "/v1/accounts/:account/sealing-keys", putSealingKeys)
    book.on(.get, "/v1/accounts/:account/sealing-keys", sealingKeys)
    book.on(.put, "/v1/accounts/:account/policy", putPolicy)
    book.on(.get, "/v1/accounts/:account/policy", policy)
  }

  @Sendable
  private func challenge(_ request: Request, _ context: RelayContext) async throws -> Response {
    try desk.admit(context)
    _ = try await desk.reading.bytes(request, limit: 1 << 10)
    let challenge = try desk.relay.challenge()
    return try Answers.json(
      ChallengeAnswer(challenge: Base64URL.encode(challenge.bytes), expiresIn: LoginBook.challengeSeconds))
  }

  @Sendable
  private func logIn(_ request: Request, _ context: RelayContext) async throws -> Response {
    try desk.admit(context)
    let body = try await desk.reading.json(LoginRequest.self, request)
    guard let key = try? SigningKey(hex: body.key), let statement = Base64URL.decode(body.statement) else {
      throw Problem.bad("login-malformed", "the key is hexadecimal, the statement base64url")
    }
    let account: AccountID?
    switch body.kind {
    case "client": account = try AccountID(hex: body.account ?? "")
    case "device": account = nil
    default: throw Problem.bad("login-malformed", "the kind is client or device")
    }
    let (token, identity) = try await desk.relay.logIn(key: key, account: account, statement: statement)
    return try Answers.json(
      LoginAnswer(token: Base64URL.encode(token), expiresIn: LoginBook.tokenSeconds, id: identity.id))
  }

  @Sendable
  private func putChain(_ request: Request, _ context: RelayContext) async throws -> Response {
    try desk.admit(context)
    let account: AccountID = try context.identifier("account")
    let entries = try await desk.reading.entries(request, limit: min(desk.bodyLimit, Relay.chainBytes))
    let chain = try await desk.relay.extend(account, with: entries) { try desk.admit(context, count: $0) }
    return try Answers.json(ChainAnswer(version: chain.version, head: chain.head.hex))
  }

  @Sendable
  private func chain(_ request: Request, _ context: RelayContext) async throws -> Response {
    _ = try desk.identity(request, context)
    guard let chain = try await desk.relay.chain(context.identifier("account")) else { throw Relay.unknownAccount }
    return Answers.entries(chain.entries)
  }

  @Sendable
  private func putSealingKeys(_ request: Request, _ context: RelayContext) async throws -> Response {
    try desk.admit(context)
    let account: AccountID = try context.identifier("account")
    let announcements = try await desk.reading.entries(request, limit: WireLimits.controlBytes)
    let taken = try await desk.relay.announce(announcements, of: account) { try desk.admit(context, count: $0) }
    return try Answers.json(TakenAnswer(taken: taken))
  }

  @Sendable
  private func sealingKeys(_ request: Request, _ context: RelayContext) async throws -> Response {
    _ = try desk.identity(request, context)
    return Answers.entries(try await desk.relay.announcements(of: context.identifier("account")))
  }

  @Sendable
  private func putPolicy(_ request: Request, _ context: RelayContext) async throws -> Response {
    let client = try desk.client(request, context)
    let account: AccountID = try context.identifier("account")
    let bytes = try await desk.reading.bytes(request, limit: WireLimits.chainEntryBytes)
    return try Answers.json(
      VersionAnswer(version: try await desk.relay.setAccountPolicy(bytes, of: account, by: client)))
  }

  @Sendable
  private func policy(_ request: Request, _ context: RelayContext) async throws -> Response {
    let identity = try desk.identity(request, context)
    return Answers.octets(try await desk.relay.accountPolicy(of: context.identifier("account"), for: identity))
  }
}
