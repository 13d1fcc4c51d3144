import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct AccountChainTests {
  var account: Account
  let second: Person
  let third: Person

  init() throws {
    account = try Account(10)
    second = try Person(30)
    third = try Person(31)
  }

  private func client(_ person: Person, _ kind: AccountEntry.Client.Kind = .program) -> AccountEntry.Client {
    .init(key: person.key, kind: kind)
  }

  private func restate(_ people: Person..., paper: Person? = nil) throws -> AccountEntry.Change {
    .restate(people.map { client($0) }, try Account.recovery(paper ?? account.paper))
  }

  // MARK: Genesis

  @Test func aGenesisMakesTheAccount() throws {
    let chain = try account.chain()
    #expect(chain.id.bytes == Hashes.sha256(account.entries[0]).bytes)
    #expect(chain.version == 1 && chain.head.bytes == chain.id.bytes)
    #expect(Array(chain.clients.keys) == [account.first.client])
    #expect(chain.recovery.signing == account.paper.key)
    #expect(chain.contains(version: 1, head: chain.head) && !chain.contains(version: 2, head: chain.head))
    #expect(!chain.contains(version: 1, head: .zero))
  }

  @Test func aGenesisNeedsBothItsSigners() throws {
    let change = try AccountEntry.Change.genesis(client(account.first), Account.recovery(account.paper))
    let wrong: [[Person]] = [
      [account.first], [account.paper], [account.first, second], [second, account.paper],
      [account.first, account.first],
    ]
    for signers in wrong {
      let entry = try Account.entry(change, version: 1, previous: .zero, by: signers)
      #expect(throws: ChainError(.notMember, "")) { try AccountChain(entries: [entry]) }
    }
  }

  @Test func aGenesisWithEitherSignatureBrokenIsRefused() throws {
    let good = try SignedAccountEntry(decoding: account.entries[0])
    for broken in 0..<2 {
      var signers = good.signers
      var bytes = signers[broken].signature.bytes
      bytes[5] ^= 1
      signers[broken] = .init(key: signers[broken].key, signature: try Signature(bytes))
      let entry = SignedAccountEntry(body: good.body, signers: signers).bytes
      #expect(throws: ChainError(.badSignature, "")) { try AccountChain(entries: [entry]) }
    }
  }

  @Test func aGenesisIsOfVersionOneAndFollowsNothing() throws {
    let change = try AccountEntry.Change.genesis(client(account.first), Account.recovery(account.paper))
    let signers = [account.first, account.paper]
    let late = try Account.entry(change, version: 2, previous: .zero, by: signers)
    #expect(throws: ChainError(.wrongVersion, "")) { try AccountChain(entries: [late]) }
    let after = try Account.entry(change, version: 1, previous: Hashes.sha256([1]), by: signers)
    #expect(throws: ChainError(.wrongPrevious, "")) { try AccountChain(entries: [after]) }
    #expect(throws: ChainError(.empty, "")) { try AccountChain(entries: []) }
    let add = try Account.entry(.add(client(second)), version: 1, previous: .zero, by: [account.first])
    #expect(throws: ChainError(.notAllowed, "")) { try AccountChain(entries: [add]) }
  }

  @Test func aGenesisRefusesAPageASharedKeyAndAWeakPaperKey() throws {
    let page = try AccountEntry.Change.genesis(client(account.first, .page), Account.recovery(account.paper))
    let shared = try AccountEntry.Change.genesis(client(account.first), Account.recovery(account.first))
    for change in [page, shared] {
      let entry = try Account.entry(change, version: 1, previous: .zero, by: [account.first, account.paper])
      #expect(throws: ChainError(.notAllowed, "")) { try AccountChain(entries: [entry]) }
    }
    var recovery = try Account.recovery(account.paper)
    recovery.sealing = [UInt8](repeating: 0, count: 32)
    let weak = try Account.entry(
      .genesis(client(account.first), recovery), version: 1, previous: .zero, by: [account.first, account.paper])
    #expect(throws: ChainError(.smallOrderKey, "")) { try AccountChain(entries: [weak]) }
  }

  // MARK: Clients

  @Test mutating func clientsComeAndGo() throws {
    try account.add(second)
    try account.add(third, .page)
    var chain = try account.chain()
    #expect(chain.version == 3 && chain.clients.count == 3)
    #expect(chain.clients[third.client]?.kind == .page)
    let removal = try account.next(.remove(account.first.client), by: second)
    try chain.append(removal)
    #expect(chain.clients[account.first.client] == nil && chain.version == 4)
    #expect(chain.everClient(account.first.client)?.key == account.first.key)
    #expect(chain.everClient(account.paper.client) == nil)
    #expect(try chain.clients(at: Hashes.sha256(#require(account.entries.last)))?.count == 3)
    #expect(try AccountChain(entries: chain.entries) == chain)
  }

  @Test mutating func onlyProgramsThatStandChangeTheChain() throws {
    try account.add(second, .page)
    var chain = try account.chain()
    let before = chain
    for (signer, code) in [(second, ChainError.Code.notAllowed), (third, .notMember), (account.paper, .notMember)] {
      let add = try account.next(.add(client(third)), by: signer)
      #expect(throws: ChainError(code, "")) { try chain.append(add) }
      let remove = try account.next(.remove(second.client), by: signer)
      #expect(throws: ChainError(code, "")) { try chain.append(remove) }
    }
    let two = try account.next(.add(client(third)), by: account.first, second)
    #expect(throws: ChainError(.notAllowed, "")) { try chain.append(two) }
    #expect(chain == before)
  }

  @Test mutating func aRemovedClientSignsNothingMore() throws {
    try account.add(second)
    try account.remove(second)
    var chain = try account.chain()
    let entry = try account.next(.add(client(third)), by: second)
    #expect(throws: ChainError(.notMember, "")) { try chain.append(entry) }
  }

  @Test mutating func theLastProgramStays() throws {
    try account.add(second, .page)
    var chain = try account.chain()
    let entry = try account.next(.remove(account.first.client), by: account.first)
    #expect(throws: ChainError(.lastClient, "")) { try chain.append(entry) }
    let unknown = try account.next(.remove(third.client), by: account.first)
    #expect(throws: ChainError(.unknownClient, "")) { try chain.append(unknown) }
  }

  @Test mutating func eightClientsAtMostAndEachOnce() throws {
    for seed in 0..<7 { try account.add(Person(UInt8(100 + seed))) }
    var chain = try account.chain()
    #expect(chain.clients.count == 8)
    let ninth = try account.next(.add(client(second)), by: account.first)
    #expect(throws: ChainError(.tooManyClients, "")) { try chain.append(ninth) }
    account.entries.removeLast()
    chain = try account.chain()
    for twice in [account.first, account.paper] {
      let entry = try account.next(.add(client(twice)), by: account.first)
      #expect(throws: ChainError(.duplicateClient, "")) { try chain.append(entry) }
    }
    let weak = try SigningKey([1] + [UInt8](repeating: 0, count: 31))
    let entry = try account.next(.add(.init(key: weak, kind: .program)), by: account.first)
    #expect(throws: ChainError(.smallOrderKey, "")) { try chain.append(entry) }
  }

  @Test func entriesFollowByHashAndVersion() throws {
    var chain = try account.chain()
    let unknown = try Account.entry(
      .add(client(second)), version: 2, previous: Hashes.sha256([7]), by: [account.first])
    #expect(throws: ChainError(.wrongPrevious, "")) { try chain.append(unknown) }
    let skipped = try Account.entry(.add(client(second)), version: 3, previous: chain.head, by: [account.first])
    #expect(throws: ChainError(.wrongVersion, "")) { try chain.append(skipped) }
    let other = try Account(40).entries[0]
    #expect(throws: ChainError(.wrongAccount, "")) { try chain.append(other) }
    var broken = try account.next(.add(client(second)), by: account.first)
    broken[broken.count - 1] ^= 0x01
    #expect(throws: ChainError.self) { try chain.append(broken) }
    #expect(throws: ChainError(.malformed, "")) { try chain.append([1, 2, 3]) }
    let trailing = try account.next(.remove(second.client), by: second) + [0]
    #expect(throws: ChainError(.malformed, "")) { try chain.append(trailing) }
    #expect(try chain == account.chain())
  }

  // MARK: Extending, forks, restatements

  @Test mutating func extendingTakesAnyPartOfTheSameChain() throws {
    var chain = try account.chain()
    try account.add(second)
    try account.add(third)
    try chain.extend(account.entries)
    #expect(chain.version == 3)
    try chain.extend(account.entries)
    try chain.extend(Array(account.entries.prefix(1)))
    try chain.extend(Array(account.entries.suffix(1)))
    #expect(chain.version == 3)
    #expect(try chain == account.chain())
  }

  @Test mutating func twoSuccessorsByClientsAreAFork() throws {
    try account.add(second)
    var chain = try account.chain()
    let beside = try account.next(.add(client(third)), after: 0, by: account.first)
    #expect(throws: ChainError(.fork, "")) { try chain.append(beside) }
    #expect(chain.version == 2 && chain.clients[third.client] == nil)
    #expect(chain.fork == Hashes.sha256(beside))
    var other = try account.chain()
    #expect(throws: ChainError(.fork, "")) { try other.extend([account.entries[0], beside]) }
    #expect(other.fork == Hashes.sha256(beside) && other.entries == account.entries)
    #expect(throws: ChainError(.fork, "")) { try AccountChain(entries: account.entries + [beside]) }
  }

  @Test mutating func aRestatementSettlesAForkAndVoidsWhatCameAfter() throws {
    try account.add(second)
    var chain = try account.chain()
    let void = chain.head
    let beside = try account.next(.add(client(third)), after: 0, by: account.first)
    #expect(throws: ChainError(.fork, "")) { try chain.append(beside) }
    let settled = try account.next(restate(account.first), after: 0, by: account.paper)
    try chain.append(settled)
    #expect(chain.version == 2 && chain.recoveries == 1 && chain.fork == nil)
    #expect(Array(chain.clients.keys) == [account.first.client])
    #expect(chain.contains(version: 2, head: void))
    try chain.append(beside)
    #expect(chain.head == Hashes.sha256(settled), "what a restatement overtook changes nothing")
    let onVoid = try Account.entry(.add(client(third)), version: 3, previous: void, by: [second])
    try chain.append(onVoid)
    #expect(chain.head == Hashes.sha256(settled) && chain.clients.count == 1)
    #expect(try AccountChain(entries: chain.entries).head == chain.head)
  }

  @Test mutating func whoeverHoldsTheOtherBranchIsSettledToo() throws {
    let beside = try account.next(.add(client(third)), by: account.first)
    try account.add(second)
    var mine = try account.chain()
    let settled = try account.next(restate(account.first), after: 0, by: account.paper)
    try mine.extend([account.entries[0], beside, settled])
    #expect(mine.head == Hashes.sha256(settled) && mine.fork == nil)
    #expect(mine.contains(version: 2, head: Hashes.sha256(beside)))
    #expect(mine.contains(version: 2, head: Hashes.sha256(account.entries[1])), "what stood here stays known")
  }

  @Test mutating func aRestatementNeedsThePaperKeyThatStands() throws {
    try account.add(second)
    var chain = try account.chain()
    let paper = try Person(50)
    let theft = try account.next(restate(second, paper: paper), by: second)
    #expect(throws: ChainError(.notMember, "")) { try chain.append(theft) }
    try chain.append(account.next(restate(account.first, paper: paper), by: account.paper))
    #expect(chain.recovery.signing == paper.key)
    let replaced = try Account.entry(restate(second), version: 4, previous: chain.head, by: [account.paper])
    #expect(throws: ChainError(.notMember, "")) { try chain.append(replaced) }
    let again = try Account.entry(restate(third), version: 4, previous: chain.head, by: [paper])
    try chain.append(again)
    #expect(chain.recoveries == 2 && Array(chain.clients.keys) == [third.client])
  }

  /// A stolen old paper key writes a longer line of recovery entries from before it was replaced.
  @Test func aReplacedPaperKeyCannotOutbidTheNewOne() throws {
    let paper = try Person(50)
    var chain = try account.chain()
    try chain.append(account.next(restate(account.first, paper: paper), by: account.paper))
    let standing = chain
    let one = try account.next(restate(second), by: account.paper)
    let two = try Account.entry(restate(second), version: 3, previous: Hashes.sha256(one), by: [account.paper])
    #expect(throws: ChainError(.fork, "")) { try chain.extend([account.entries[0], one, two]) }
    #expect(chain.head == standing.head && chain.clients == standing.clients)
  }

  /// The same paper key used twice, each time without knowing of the other: the one who goes on wins.
  @Test func betweenTwoRestatementsTheLongerLineOfThePaperKeyWins() throws {
    var chain = try account.chain()
    try chain.append(account.next(restate(second), by: account.paper))
    let one = try account.next(restate(third), by: account.paper)
    #expect(throws: ChainError(.fork, "")) { try chain.extend([account.entries[0], one]) }
    let two = try Account.entry(restate(third), version: 3, previous: Hashes.sha256(one), by: [account.paper])
    try chain.extend([account.entries[0], one, two])
    #expect(chain.head == Hashes.sha256(two) && Array(chain.clients.keys) == [third.client])
  }

  @Test mutating func aRestatementCannotGoBackBehindAnother() throws {
    try account.add(second)
    var chain = try account.chain()
    try chain.append(account.next(restate(second), by: account.paper))
    let back = try account.next(restate(third), after: 0, by: account.paper)
    #expect(throws: ChainError(.fork, "")) { try chain.append(back) }
    #expect(Array(chain.clients.keys) == [second.client])
  }

  @Test func aRestatementListsEachClientOnceAndAProgramAmongThem() throws {
    var chain = try account.chain()
    let recovery = try Account.recovery(account.paper)
    let none = try account.next(.restate([], recovery), by: account.paper)
    #expect(throws: ChainError(.lastClient, "")) { try chain.append(none) }
    let page = try account.next(.restate([client(second, .page)], recovery), by: account.paper)
    #expect(throws: ChainError(.lastClient, "")) { try chain.append(page) }
    let twice = try account.next(.restate([client(second), client(second)], recovery), by: account.paper)
    #expect(throws: ChainError(.duplicateClient, "")) { try chain.append(twice) }
    let paper = try account.next(.restate([client(account.paper)], recovery), by: account.paper)
    #expect(throws: ChainError(.duplicateClient, "")) { try chain.append(paper) }
  }

  @Test mutating func headsCompareByRecoveriesThenVersion() throws {
    let short = try account.chain()
    try account.add(second)
    try account.add(third)
    let long = try account.chain()
    var recovered = short
    try recovered.append(account.next(restate(account.first), after: 0, by: account.paper))
    #expect(long.isNewer(than: short) && !short.isNewer(than: long) && !long.isNewer(than: long))
    #expect(recovered.isNewer(than: long) && !long.isNewer(than: recovered))
  }
}

@Suite struct SealingKeyBookTests {
  var account: Account
  let page: Person

  init() throws {
    account = try Account(10)
    page = try Person(30)
  }

  private func announce(
    _ counter: UInt32, key: UInt8 = 9, by person: Person? = nil, as client: Person? = nil, account other: Account? = nil
  ) throws -> [UInt8] {
    let person = person ?? account.first
    let body = SealingKeyAnnouncement(
      account: try (other ?? account).chain().id, client: (client ?? person).client, counter: counter, time: 1,
      suite: .x25519, publicKey: [key] + [UInt8](repeating: 0, count: 31))
    return try person.sign(body, .sealingKey)
  }

  @Test func theHighestCounterHolds() throws {
    let chain = try account.chain()
    var book = SealingKeyBook()
    #expect(try book.take(announce(2), chain: chain))
    #expect(try !book.take(announce(2), chain: chain))
    #expect(try !book.take(announce(1, key: 5), chain: chain))
    #expect(book.newest(of: account.first.client, in: chain.id)?.counter == 2)
    #expect(try book.take(announce(3, key: 5), chain: chain))
    #expect(book.newest(of: account.first.client, in: chain.id)?.publicKey.first == 5)
    #expect(try book.announcements == [announce(3, key: 5)])
    let fork = try announce(3, key: 6)
    #expect(throws: ChainError(.fork, "")) { try book.take(fork, chain: chain) }
  }

  @Test func onlyTheClientItselfAnnounces() throws {
    let chain = try account.chain()
    var book = SealingKeyBook()
    let stranger = try announce(1, by: page)
    #expect(throws: ChainError(.notMember, "")) { try book.take(stranger, chain: chain) }
    let forged = try announce(1, by: page, as: account.first)
    #expect(throws: ChainError(.badSignature, "")) { try book.take(forged, chain: chain) }
    let elsewhere = try announce(1, account: Account(40))
    #expect(throws: ChainError(.wrongAccount, "")) { try book.take(elsewhere, chain: chain) }
    let weak = try announce(1, key: 0)
    #expect(throws: ChainError(.smallOrderKey, "")) { try book.take(weak, chain: chain) }
    #expect(book.announcements.isEmpty)
  }

  @Test mutating func keysOfRemovedClientsLeaveTheBook() throws {
    try account.add(page, .page)
    var book = SealingKeyBook()
    try book.take(announce(1, by: page), chain: account.chain())
    try account.remove(page)
    let id = try account.chain().id
    #expect(book.newest(of: page.client, in: id) != nil)
    try book.take(announce(1), chain: account.chain())
    #expect(book.newest(of: page.client, in: id) == nil && book.announcements.count == 1)
  }

  /// Nobody proves that a listed client agreed, so a guest can list the owner's.
  @Test mutating func anotherAccountThatListsTheClientChangesNothing() throws {
    var guest = try Account(40)
    try guest.add(page)
    try account.add(page)
    let (own, other) = (try account.chain(), try guest.chain())
    var book = SealingKeyBook()
    try book.take(announce(7, by: page), chain: own)
    #expect(book.newest(of: page.client, in: own.id)?.counter == 7)
    #expect(book.newest(of: page.client, in: other.id) == nil, "the client announced nothing for the other account")
    try book.take(announce(1, key: 5, by: page, account: guest), chain: other)
    #expect(book.newest(of: page.client, in: own.id)?.counter == 7)
    #expect(book.newest(of: page.client, in: other.id)?.counter == 1 && book.announcements.count == 2)
  }
}
