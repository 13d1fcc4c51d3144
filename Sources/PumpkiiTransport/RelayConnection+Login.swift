internal import AsyncHTTPClient
internal import FoundationEssentials
internal import NIOCore
internal import NIOHTTP1
internal import PumpkiiChain
internal import PumpkiiVault
internal import PumpkiiWire
internal import Synchronization

/// What a login gave, and when to have a new one.
struct RelayToken: Sendable {
  let text: String
  let renewAt: ContinuousClock.Instant
}

extension RelayConnection {
  private struct ChallengeAnswer: Decodable {
    var challenge: String
  }

  private struct LoginRequest: Encodable {
    var kind: String
    var key: String
    var account: String?
    var statement: String
  }

  private struct LoginAnswer: Decodable {
    var token: String
    var expiresIn: Int

    private enum CodingKeys: String, CodingKey {
      case token
      case expiresIn = "expires_in"
    }
  }

  /// A token that is good for another minute at least.
  /// - Parameter renew: the one at hand was refused.
  /// - Throws: ``TransportError``.
  func token(renew: Bool) async throws(TransportError) -> String {
    let known = state.withLock { state in
      if renew { state.token = nil }
      return state.token
    }
    if let known, known.renewAt > .now { return known.text }
    let fresh = try await login()
    state.withLock { $0.token = fresh }
    return fresh.text
  }

  /// The statement names the relay as this side knows it, so that one relay cannot use it at another.
  private func login() async throws(TransportError) -> RelayToken {
    let asked: ChallengeAnswer = try await json("/v1/login/challenge", Array("{}".utf8))
    guard let bytes = Base64URL.decode(asked.challenge), let challenge = try? Challenge(bytes) else {
      throw TransportError(.malformed, "the relay's challenge is not 32 bytes")
    }
    let key = signer.identity.publicKey
    let statement = LoginStatement(relay: address.loginRelay, keyID: KeyID(signing: key), challenge: challenge)
    let request = LoginRequest(
      kind: signer.kindName, key: key.hex, account: signer.account?.hex,
      statement: Base64URL.encode(signer.identity.sign(statement, .login).bytes))
    guard let body = try? JSONEncoder().encode(request) else {
      throw TransportError(.malformed, "the login cannot be written as JSON")
    }
    let began = ContinuousClock.now
    let answer: LoginAnswer = try await json("/v1/login", Array(body))
    guard !answer.token.isEmpty, answer.token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw TransportError(.malformed, "the relay's token is not one word")
    }
    let life = min(max(answer.expiresIn, 30), 900)
    return RelayToken(text: answer.token, renewAt: began + .seconds(life - min(60, life / 2)))
  }

  private func json<Answer: Decodable>(_ path: String, _ body: [UInt8]) async throws(TransportError) -> Answer {
    let outgoing = Outgoing(.POST, path, body: .bytes(ByteBuffer(bytes: body)), type: "application/json")
    let bytes = try await exchange(outgoing, limit: 64 << 10, authenticated: false)
    do {
      return try JSONDecoder().decode(Answer.self, from: Data(bytes))
    } catch {
      throw TransportError(.malformed, "the relay's answer to \(path) is not what the protocol says")
    }
  }
}
