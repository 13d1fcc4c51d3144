import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

@Suite(.timeLimit(.minutes(10))) struct AccountTests {
  @Test func aChainIsTakenFromAnybodyExtendedAndGivenToThoseWhoLoggedIn() async throws {
    try await withRelay { peer in
      var account = try TestAccount()
      let path = "/v1/accounts/\(account.id.hex)/chain"
      let first = try await peer.send(.post, path, EntryList.encode(account.entries))
      #expect(first.status == 200)
      #expect(first.json["version"] as? Int == 1)
      account.entries.append(try account.following(.add(.init(key: TestKey().publicKey, kind: .program))))
      let second = try await peer.send(.post, path, EntryList.encode(account.entries))
      #expect(second.json["version"] as? Int == 2)
      #expect(second.json["head"] as? String == (try account.chain.head.hex))
      // A shorter list that repeats what is known changes nothing.
      #expect(try await peer.send(.post, path, EntryList.encode([account.entries[0]])).json["version"] as? Int == 2)
      #expect(try await peer.send(.get, path).code == "token")
      let me = try await peer.authenticated(account.key, account: account)
      #expect(try await me.send(.get, path).entries == account.entries)
    }
  }

  @Test func aForkIsRefused() async throws {
    try await withRelay { peer in
      let account = try TestAccount()
      let path = "/v1/accounts/\(account.id.hex)/chain"
      let one = try account.following(.add(.init(key: TestKey().publicKey, kind: .program)))
      let other = try account.following(.add(.init(key: TestKey().publicKey, kind: .program)))
      #expect(try await peer.send(.post, path, EntryList.encode(account.entries + [one])).status == 200)
      let answer = try await peer.send(.post, path, EntryList.encode(account.entries + [other]))
      #expect(answer.status == 409)
      #expect(answer.code == "chain-fork")
    }
  }

  @Test func aChainUnderAnothersNameIsRefused() async throws {
    try await withRelay { peer in
      let (account, other) = (try TestAccount(), try TestAccount())
      let answer = try await peer.send(
        .post, "/v1/accounts/\(other.id.hex)/chain", EntryList.encode(account.entries))
      #expect(answer.code == "chain-wrong-account")
    }
  }

  @Test func sealingKeysAreKeptNewestPerClient() async throws {
    try await withRelay { peer in
      let account = try TestAccount()
      let me = try await peer.joined(account)
      let path = "/v1/accounts/\(account.id.hex)/sealing-keys"
      let (old, new) = (try account.announcement(counter: 1), try account.announcement(counter: 2))
      #expect(try await peer.send(.post, path, EntryList.encode([old])).json["taken"] as? Int == 1)
      #expect(try await peer.send(.post, path, EntryList.encode([new, old])).json["taken"] as? Int == 1)
      #expect(try await me.send(.get, path).entries == [new])
      let foreign = try TestAccount().announcement(counter: 9)
      #expect(try await peer.send(.post, path, EntryList.encode([foreign])).status == 400)
    }
  }

  @Test func aLoginNeedsTheKeyThisRelayAndAFreshChallenge() async throws {
    try await withRelay { peer in
      let account = try TestAccount()
      _ = try await peer.joined(account)
      let challenge = try await peer.challenge()
      let statement = try peer.statement(account.key, challenge)
      let answer = try await peer.logIn(account.key, account: account, statement: statement)
      #expect(answer.status == 200)
      #expect(answer.json["expires_in"] as? Int == 900)
      #expect(answer.json["id"] as? String == account.client.hex)
      #expect(try await peer.logIn(account.key, account: account, statement: statement).code == "login-challenge")

      let elsewhere = try peer.statement(account.key, await peer.challenge(), relay: .origin("https://other.example"))
      #expect(try await peer.logIn(account.key, account: account, statement: elsewhere).code == "chain-login-relay")
      let stranger = TestKey()
      let foreign = try peer.statement(stranger, await peer.challenge())
      #expect(try await peer.logIn(stranger, account: account, statement: foreign).code == "login-not-member")
      var bent = try peer.statement(account.key, await peer.challenge())
      bent[bent.count - 1] ^= 1
      #expect(try await peer.logIn(account.key, account: account, statement: bent).status == 401)
    }
  }

  @Test func aRemovedClientsTokenEndsAtOnce() async throws {
    try await withRelay { peer in
      var account = try TestAccount()
      let second = TestKey()
      account.entries.append(try account.following(.add(.init(key: second.publicKey, kind: .program))))
      _ = try await peer.joined(account)
      let other = try await peer.authenticated(second, account: account)
      #expect(try await other.send(.get, "/v1/cameras").status == 200)
      account.entries.append(try account.following(.remove(ClientID(of: second.publicKey))))
      _ = try await peer.send(.post, "/v1/accounts/\(account.id.hex)/chain", EntryList.encode(account.entries))
      #expect(try await other.send(.get, "/v1/cameras").code == "token")
    }
  }
}

@Suite struct LoginBookTests {
  private let identity: Identity
  private var book = LoginBook()

  init() throws { identity = .device(DeviceID(of: try TestKey().publicKey), try TestKey().publicKey) }

  @Test mutating func aChallengeIsSpentOnceAndInItsTime() throws {
    let (one, two) = (try Challenge(Array(repeating: 1, count: 32)), try Challenge(Array(repeating: 2, count: 32)))
    book.challenge(one, now: 0)
    book.challenge(two, now: 0)
    #expect(book.spend(one, now: 1) == true)
    #expect(book.spend(one, now: 1) == false)
    #expect(book.spend(two, now: 60_000_000) == false)
  }

  private mutating func grant(_ token: UInt8) {
    let isGranted = book.grant([token], to: identity, since: book.removals, now: 0)
    #expect(isGranted)
  }

  @Test mutating func noTokenForAStandingFromBeforeARemoval() throws {
    let since = book.removals
    book.end(account: try AccountID(Array(repeating: 1, count: 32)), except: [])
    let isGranted = book.grant([1], to: identity, since: since, now: 0)
    #expect(isGranted == false)
    #expect(book.identity([1], now: 1) == nil)
    grant(1)
    #expect(book.identity([1], now: 1) == identity)
  }

  @Test mutating func challengesAreBoundedOldestFirst() throws {
    for number in 0...LoginBook.challengeCapacity {
      var bytes = [UInt8](repeating: 0, count: 32)
      (bytes[0], bytes[1]) = (UInt8(number & 255), UInt8(number >> 8))
      book.challenge(try Challenge(bytes), now: 0)
    }
    #expect(book.spend(try Challenge(Array(repeating: 0, count: 32)), now: 1) == false)
  }

  @Test mutating func aTokenLastsFifteenMinutesAndIsOneOfSixteen() {
    grant(1)
    #expect(book.identity([1], now: 899_999_999) == identity)
    #expect(book.identity([1], now: 900_000_000) == nil)
    for number in 2...17 as ClosedRange<UInt8> { grant(number) }
    #expect(book.identity([1], now: 1) == nil)
    #expect(book.tokenCount == LoginBook.tokensPerIdentity)
    book.forget(now: 900_000_000)
    #expect(book.tokenCount == 0)
  }
}
