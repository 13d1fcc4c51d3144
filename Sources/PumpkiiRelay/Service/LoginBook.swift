internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiWire

/// Challenges and tokens, in memory only and bounded. A token belongs to one key and ends with it; it is kept as its
/// hash, so that the memory holds nothing that opens anything. Times are in µs of a monotonic clock.
package struct LoginBook: Sendable {
  /// How long a challenge holds.
  static let challengeSeconds = 60
  static let tokenSeconds = 900
  /// Challenges at once; beyond it the oldest go.
  package static let challengeCapacity = 1 << 14
  static let tokenCapacity = 1 << 16
  /// Tokens of one identity; beyond it the oldest go.
  package static let tokensPerIdentity = 16

  private struct Token: Sendable {
    let identity: Identity
    let ends: UInt64
  }

  private var challenges: [Challenge: UInt64] = [:]
  private var oldestChallenges: [Challenge] = []
  private var tokens: [Digest: Token] = [:]
  private var order: [Identity: [Digest]] = [:]

  /// How often clients may have lost their standing; see ``grant(_:to:since:now:)``.
  package private(set) var removals: UInt64 = 0
  /// Tokens that are held, those that ran out included until they are forgotten.
  package var tokenCount: Int { tokens.count }

  /// An empty book.
  package init() {}

  /// A new challenge. Beyond the capacity the oldest one goes.
  package mutating func challenge(_ challenge: Challenge, now: UInt64) {
    challenges[challenge] = now + UInt64(Self.challengeSeconds) * 1_000_000
    oldestChallenges.append(challenge)
    while oldestChallenges.count > Self.challengeCapacity { challenges[oldestChallenges.removeFirst()] = nil }
  }

  /// Takes a challenge back: true once, in its time.
  package mutating func spend(_ challenge: Challenge, now: UInt64) -> Bool {
    guard let ends = challenges.removeValue(forKey: challenge) else { return false }
    return now < ends
  }

  /// Gives a token to an identity whose standing was looked up after ``removals`` was `since`; its oldest one goes when
  /// it has too many.
  /// - Returns: false, and no token, when somebody was removed since then: the standing must be looked up again.
  package mutating func grant(_ token: [UInt8], to identity: Identity, since: UInt64, now: UInt64) -> Bool {
    guard since == removals else { return false }
    grant(token, to: identity, now: now)
    return true
  }

  private mutating func grant(_ token: [UInt8], to identity: Identity, now: UInt64) {
    if tokens.count >= Self.tokenCapacity { forget(now: now) }
    if tokens.count >= Self.tokenCapacity, let any = tokens.keys.first { end(any) }
    let hash = Hashes.sha256(token)
    tokens[hash] = Token(identity: identity, ends: now + UInt64(Self.tokenSeconds) * 1_000_000)
    order[identity, default: []].append(hash)
    while let list = order[identity], list.count > Self.tokensPerIdentity, let oldest = list.first { end(oldest) }
  }

  /// Who holds a token, nil when nobody does now.
  package func identity(_ token: [UInt8], now: UInt64) -> Identity? {
    guard let found = tokens[Hashes.sha256(token)], now < found.ends else { return nil }
    return found.identity
  }

  /// Ends the tokens of every client of an account that is not among `clients` any more.
  package mutating func end(account: AccountID, except clients: Set<ClientID>) {
    removals &+= 1
    for identity in order.keys {
      guard case .client(let client, account, _) = identity, !clients.contains(client) else { continue }
      for hash in order[identity] ?? [] { tokens[hash] = nil }
      order[identity] = nil
    }
  }

  /// Forgets what has run out.
  package mutating func forget(now: UInt64) {
    for (hash, token) in tokens where token.ends <= now { end(hash) }
    challenges = challenges.filter { $0.value > now }
    oldestChallenges.removeAll { challenges[$0] == nil }
  }

  private mutating func end(_ hash: Digest) {
    guard let token = tokens.removeValue(forKey: hash) else { return }
    order[token.identity]?.removeAll { $0 == hash }
    if order[token.identity]?.isEmpty == true { order[token.identity] = nil }
  }
}
