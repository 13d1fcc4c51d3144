import Foundation
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

/// What strangers may cost the relay.
@Suite(.timeLimit(.minutes(10))) struct CostTests {
  /// An account whose second client comes and goes.
  private func account(entries count: Int) throws -> TestAccount {
    var account = try TestAccount()
    let second = TestKey()
    while account.entries.count < count {
      let isThere = account.entries.count.isMultiple(of: 2)
      account.entries.append(
        try account.following(
          isThere ? .remove(ClientID(of: second.publicKey)) : .add(.init(key: second.publicKey, kind: .program))))
    }
    return account
  }

  @Test func aRequestBringsSixtyFourNewEntriesAtMost() async throws {
    let account = try account(entries: 100)
    try await withRelay { peer in
      let path = "/v1/accounts/\(account.id.hex)/chain"
      let whole = try await peer.send(.post, path, EntryList.encode(account.entries))
      #expect(whole.status == 413)
      #expect(whole.code == "chain-too-many-entries")
      let first = try await peer.send(.post, path, EntryList.encode(Array(account.entries[..<64])))
      #expect(first.json["version"] as? Int == 64)
      #expect(try await peer.send(.post, path, EntryList.encode(account.entries)).json["version"] as? Int == 100)
      let long = [UInt8](repeating: 0, count: (256 << 10) + 1)
      #expect(try await peer.send(.post, path, long).code == "body-too-large")
    }
  }

  private func post(_ count: Int, of account: TestAccount, _ peer: TestPeer) async throws -> Int {
    let path = "/v1/accounts/\(account.id.hex)/chain"
    return try await peer.send(.post, path, EntryList.encode(Array(account.entries[..<count]))).status
  }

  @Test func eachNewEntryIsChargedToItsAddress() async throws {
    let long = try account(entries: 11)
    try await withRelay(limits { $0.unauthenticated = .init(burst: 10, perSecond: 0.0001) }) { peer in
      var answers: [Int] = []
      // One for each request; ten for the first, six for the second, none for what is known, one for the last.
      for count in [11, 6, 6, 7] { answers.append(try await self.post(count, of: long, peer)) }
      #expect(answers == [429, 200, 200, 429])
    }
  }

  @Test func whatIsPostedAtOnceIsAllTaken() async throws {
    let account = try account(entries: 24)
    try await withRelay { peer in
      let path = "/v1/accounts/\(account.id.hex)/chain"
      try await withThrowingTaskGroup(of: Int.self) { group in
        for count in 1...24 {
          group.addTask { try await peer.send(.post, path, EntryList.encode(Array(account.entries[..<count]))).status }
        }
        for try await status in group { #expect(status == 200) }
      }
      #expect(try await peer.send(.post, path, EntryList.encode(account.entries)).json["version"] as? Int == 24)
      let world = try await TestWorld(peer)
      let operations = try (1...12 as ClosedRange<UInt8>).map {
        try world.device.operation(.narrow(flag: "share.audio"), by: world.owner, nonce: $0)
      }
      try await withThrowingTaskGroup(of: Int.self) { group in
        for operation in operations {
          group.addTask { try await world.ownerPeer.send(.post, "\(world.path)/operations", operation).status }
        }
        for try await status in group { #expect(status == 202) }
      }
      let waiting = try await world.devicePeer.send(.get, "\(world.path)/operations").entries
      #expect(Set(waiting) == Set(operations))
    }
  }

  @Test func nothingIsVerifiedInsideTheWriter() throws {
    let folder = "\(repositoryRoot)/Sources/PumpkiiRelay"
    let costly = [
      "verify(", "AccountChain(", "Roster.decode", "Roster(", ".extend(", "Camera(", ".append(", "book.take(",
    ]
    var blocks = 0
    for file in FileManager.default.enumerator(atPath: folder)?.compactMap({ $0 as? String }) ?? [] {
      guard file.hasSuffix(".swift") else { continue }
      for part in try text("\(folder)/\(file)").components(separatedBy: "store.write {").dropFirst() {
        blocks += 1
        var depth = 1
        let block = part.prefix { character in
          if character == "{" { depth += 1 }
          if character == "}" { depth -= 1 }
          return depth > 0
        }
        for call in costly { #expect(!block.contains(call), "\(file): \(call)") }
      }
    }
    #expect(blocks > 3)
  }

  @Test func aCameraTellsAnAccountSoMuchInATimeAndTheNewestLast() async throws {
    try await withRelay(limits { $0.hints = .init(burst: 1, perSecond: 0.1) }) { peer in
      let world = try await TestWorld(peer)
      let owner = try await TestStream(world.ownerPeer, "/v1/events")
      #expect(try await owner.event() == "ready {}")
      for epoch in 1...6 as ClosedRange<UInt32> {
        let keys = try world.device.keys(epoch: epoch, to: [world.owner])
        #expect(try await world.putKeys(keys, epoch: epoch).status == 200)
      }
      var events: [String] = []
      while events.last != #"keys {"device":"\#(world.device.id.hex)","epoch":6}"# {
        events.append(try #require(try await owner.event()))
      }
      #expect(events.count < 6)
    }
  }

  @Test func anAccountIsListedAtSixteenCamerasThatItNeverUsed() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let operation = try world.device.operation(.narrow(flag: "share.audio"), by: world.owner)
      #expect(try await world.ownerPeer.send(.post, "\(world.path)/operations", operation).status == 202)
      var strangers: [TestDevice] = []
      for _ in 0..<18 {
        let device = try TestDevice(owner: world.owner)
        #expect(try await peer.authenticated(device.key).put(device).status == 200)
        strangers.append(device)
      }
      func listed() async throws -> Set<String> {
        let answer = try await world.ownerPeer.send(.get, "/v1/cameras").json["cameras"] as? [[String: Any]]
        return Set((answer ?? []).compactMap { $0["device"] as? String })
      }
      #expect(try await listed() == Set([world.device.id.hex] + strangers[2...].map(\.id.hex)))
      // One that went from the list comes back when the account uses it.
      let path = "/v1/cameras/\(strangers[0].id.hex)"
      let use = try strangers[0].operation(.narrow(flag: "share.audio"), by: world.owner)
      #expect(try await world.ownerPeer.send(.post, "\(path)/operations", use).status == 202)
      #expect(try await listed().contains(strangers[0].id.hex))
      #expect(try await listed().count == 18)
    }
  }
}

@Suite(.timeLimit(.minutes(10))) struct AccountEventTests {
  @Test func aDeviceHearsOfTheAccountsThatItNames() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      var (owner, guest, stranger) = (world.owner, world.guest, try TestAccount())
      _ = try await peer.joined(stranger)
      let events = try await TestStream(world.devicePeer, "/v1/events")
      #expect(try await events.event() == "ready {}")
      #expect(try await events.event() == #"wanted {"classes":[]}"#)
      func extend(_ account: inout TestAccount) async throws {
        account.entries.append(try account.following(.add(.init(key: TestKey().publicKey, kind: .program))))
        try await post(account)
      }
      func post(_ account: TestAccount) async throws {
        let path = "/v1/accounts/\(account.id.hex)/chain"
        #expect(try await peer.send(.post, path, EntryList.encode(account.entries)).status == 200)
      }
      try await extend(&stranger)
      try await extend(&guest)
      #expect(try await events.event() == #"account {"account":"\#(guest.id.hex)"}"#)
      // What brings nothing new says nothing.
      try await post(guest)
      try await extend(&owner)
      #expect(try await events.event() == #"account {"account":"\#(owner.id.hex)"}"#)
      let path = "/v1/accounts/\(guest.id.hex)/sealing-keys"
      let key = EntryList.encode([try guest.announcement(counter: 1)])
      for taken in [1, 0] { #expect(try await peer.send(.post, path, key).json["taken"] as? Int == taken) }
      #expect(try await events.event() == #"account {"account":"\#(guest.id.hex)"}"#)
      try await extend(&owner)
      #expect(try await events.event() == #"account {"account":"\#(owner.id.hex)"}"#)
    }
  }
}

@Suite struct ByteBoundCacheTests {
  private var cache = ByteBoundCache<Int, String>(bound: 100)

  @Test mutating func itHoldsNoMoreThanItsBoundAndKeepsWhatIsAskedFor() {
    for number in 0..<50 {
      cache.put("\(number)", for: number, bytes: 20)
      let first = cache.value(0)
      #expect(first == "0")
      #expect(cache.bytes <= 100)
    }
    let old = cache.value(10)
    #expect(old == nil)
  }

  @Test mutating func aNewValueTakesThePlaceOfTheOldOne() {
    cache.put("a", for: 1, bytes: 30)
    cache.put("b", for: 1, bytes: 10)
    let value = cache.value(1)
    #expect(value == "b")
    #expect(cache.bytes == 10)
    // What is too large goes, and takes what stood there along: it was older.
    cache.put("c", for: 1, bytes: 51)
    let none = cache.value(1)
    #expect(none == nil)
    #expect(cache.bytes == 0)
  }
}
