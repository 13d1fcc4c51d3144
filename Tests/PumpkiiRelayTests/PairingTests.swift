import AsyncHTTPClient
import PumpkiiRelay
import PumpkiiWire
import Testing

@Suite struct PairingOfficeTests {
  private let id: MailboxID
  private var office = PairingOffice()

  init() throws { id = try MailboxID(Array(repeating: 3, count: 32)) }

  @Test mutating func theOfferOpensTheMailboxAndEachMessagePassesOnce() throws {
    let refusal = office.refusal(of: [1], .answer, id)
    #expect(refusal == "pairing-unknown")
    try office.put([1], .offer, id, from: "a", now: 0)
    try office.put([1], .offer, id, from: "a", now: 0)
    let taken = office.refusal(of: [2], .offer, id)
    #expect(taken == "pairing-taken")
    try office.put([3], .answer, id, from: "a", now: 0)
    let (answer, confirm) = (try office.message(.answer, id, now: 0), try office.message(.confirm, id, now: 0))
    #expect(answer == [3])
    #expect(confirm == nil)
  }

  @Test mutating func itLastsTenMinutes() throws {
    try office.put([1], .offer, id, from: "a", now: 0)
    let (before, after) = (
      try office.message(.offer, id, now: 599_999_999), try office.message(.offer, id, now: 600_000_000)
    )
    #expect(before == [1])
    #expect(after == nil)
    #expect(office.count == 0)
  }

  @Test mutating func fiveWrongTriesEndIt() throws {
    try office.put([1], .offer, id, from: "a", now: 0)
    for expected in [4, 3, 2, 1, 0] {
      let left = try office.fail(id, now: 0)
      #expect(left == expected)
    }
    let refusal = office.refusal(of: [2], .answer, id)
    #expect(refusal == "pairing-over")
  }

  @Test mutating func mailboxesAndMessagesAreBounded() throws {
    for number in 0..<PairingOffice.capacity {
      var bytes = [UInt8](repeating: 0, count: 32)
      (bytes[0], bytes[1]) = (UInt8(number & 255), UInt8(number >> 8))
      try office.put([1], .offer, MailboxID(bytes), from: "\(number / 8)", now: 0)
    }
    let refusal = office.refusal(of: [1], .offer, id)
    #expect(refusal == "rate-limited")
    let long = [UInt8](repeating: 0, count: PairingOffice.messageBytes + 1)
    let tooLong = office.refusal(of: long, .offer, id)
    #expect(tooLong == "body-too-large")
  }
}

extension PairingOfficeTests {
  private func mailbox(_ number: UInt8) throws -> MailboxID { try MailboxID([number] + Array(repeating: 7, count: 31)) }

  @Test mutating func anAddressHasEightOffersOpen() throws {
    for number in 0..<UInt8(PairingOffice.openPerOrigin) {
      try office.put([1], .offer, mailbox(number), from: "a", now: 0)
    }
    let ninth = office.refusal(of: [1], .offer, id)
    #expect(ninth == "rate-limited")
    // Others are not held up, and a pairing that is done makes room.
    try office.put([1], .offer, mailbox(100), from: "b", now: 0)
    try office.put([1], .done, mailbox(0), from: "b", now: 0)
    let after = office.refusal(of: [1], .offer, id)
    #expect(after == nil)
  }

  @Test mutating func anAddressDoesNotFillTheOfficeByAnsweringItself() throws {
    for number in 0..<UInt8(PairingOffice.boxesPerOrigin) {
      try office.put([1], .offer, mailbox(number), from: "a", now: 0)
      try office.put([1], .done, mailbox(number), from: "a", now: 0)
    }
    let more = office.refusal(of: [1], .offer, id)
    #expect(more == "rate-limited")
  }
}

@Suite(.timeLimit(.minutes(10))) struct PairingTests {
  @Test func eightOfAnAddressWait() async throws {
    try await withRelay { peer in
      let path = "/v1/pairing/\(String(repeating: "ab", count: 32))"
      var settings = HTTPClient.Configuration()
      settings.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 16
      let crowd = TestPeer(client: HTTPClient(configuration: settings), lines: peer.lines, origin: peer.origin)
      let refusals = await withTaskGroup(of: Int?.self) { group in
        for _ in 0..<9 {
          group.addTask { try? await crowd.send(.get, "\(path)/offer?wait=20").status }
        }
        // One of the nine is refused while the others wait; then the offer lets them go.
        let first = await group.next() ?? nil
        #expect(first == 429)
        let put = try? await peer.send(.put, "\(path)/offer", [1]).status
        #expect(put == 204)
        return await group.reduce(into: [Int?]()) { $0.append($1) }.count { $0 != 200 }
      }
      #expect(refusals == 0)
      try await crowd.client.shutdown()
    }
  }

  @Test func messagesPassAndWaitingEndsWithThem() async throws {
    try await withRelay { peer in
      let path = "/v1/pairing/\(String(repeating: "ab", count: 32))"
      #expect(try await peer.send(.get, "\(path)/offer").status == 204)
      #expect(try await peer.send(.put, "\(path)/offer", [1, 2]).status == 204)
      #expect(try await peer.send(.get, "\(path)/offer?wait=20").body == [1, 2])
      async let waited = peer.send(.get, "\(path)/answer?wait=20")
      #expect(try await peer.send(.put, "\(path)/answer", [3]).status == 204)
      let body = try await waited.body
      #expect(body == [3])
      #expect(try await peer.send(.put, "\(path)/answer", [4]).code == "pairing-taken")
      #expect(try await peer.send(.post, "\(path)/failure").json["left"] as? Int == 4)
      #expect(try await peer.send(.put, "\(path)/secret", [4]).code == "pairing-slot")
      #expect(try await peer.send(.get, "\(path)/done?wait=x").code == "bad-wait")
    }
  }
}

extension PairingOffice {
  fileprivate mutating func refusal(of message: [UInt8], _ slot: Slot, _ id: MailboxID) -> String? {
    do throws(Problem) { try put(message, slot, id, from: "a", now: 0) } catch { return error.code }
    return nil
  }
}
