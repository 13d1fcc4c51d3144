import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

@Suite struct NonceBookTests {
  private let ada: ClientID
  private let ben: ClientID
  private var book = NonceBook()

  init() throws {
    ada = try ClientID(Array(repeating: 1, count: 16))
    ben = try ClientID(Array(repeating: 2, count: 16))
  }

  private func nonce(_ byte: UInt8) throws -> Nonce { try Nonce(Array(repeating: byte, count: 16)) }

  private mutating func post(
    _ byte: UInt8, of client: ClientID, lines: Int = 1, isAsked: Bool = true, now: UInt64
  ) throws -> Digest? {
    book.post(try nonce(byte), of: client, lines: lines, isAsked: isAsked, now: now)
  }

  @Test mutating func theFirstNonceChallengesAtOnceAndTheNextTwoSecondsLater() throws {
    #expect(try post(1, of: ada, now: 10_000) == MerkleTree([nonce(1).bytes]).root)
    #expect(try post(2, of: ada, now: 11_000) == nil)
    #expect(try post(3, of: ada, now: 12_000) == MerkleTree([nonce(3).bytes]).root)
    #expect(book.count == 0)
  }

  @Test mutating func aLineHasOneNonceAndTheNewestCounts() throws {
    _ = try post(1, of: ada, now: 0)
    for byte in 2...9 { _ = try post(UInt8(byte), of: ada, now: 1) }
    _ = try post(10, of: ben, lines: 2, now: 1)
    _ = try post(11, of: ben, lines: 2, now: 1)
    #expect(book.count == 3)
    let challenge = try post(12, of: ben, lines: 2, now: 2_000)
    let root = try #require(challenge)
    let leaves = try [nonce(9), nonce(11), nonce(12)]
    #expect(root == MerkleTree(leaves.map(\.bytes)).root)
    #expect(book.paths(to: root, of: ben).map(\.nonce) == Array(leaves[1...]))
  }

  @Test mutating func eachClientGetsItsOwnPathsAndTheyLeadToTheRoot() throws {
    _ = try post(1, of: ada, now: 0)
    _ = try post(2, of: ada, now: 1_000)
    let challenge = try post(3, of: ben, now: 2_000)
    let root = try #require(challenge)
    for client in [ada, ben] {
      let path = try #require(book.paths(to: root, of: client).first)
      #expect(
        MerkleTree.verify(
          path.nonce.bytes, index: UInt64(path.leafIndex), size: UInt64(path.treeSize), path: path.hashes, root: root))
    }
    #expect(book.paths(to: root, of: ada).map(\.nonce) == [try nonce(2)])
  }

  @Test mutating func theLastTwoChallengesAreRememberedAndNoOther() throws {
    var roots: [Digest] = []
    for round in 0..<3 as Range<UInt8> {
      if let root = try post(round, of: ada, now: UInt64(round) * 2_000) { roots.append(root) }
    }
    try #require(roots.count == 3)
    #expect(book.paths(to: roots[0], of: ada).isEmpty)
    #expect(!book.paths(to: roots[1], of: ada).isEmpty)
    #expect(!book.paths(to: roots[2], of: ada).isEmpty)
    #expect(book.paths(to: MerkleTree.emptyRoot, of: ada).isEmpty)
  }

  @Test mutating func withoutADeviceNoncesWaitAndWhoHasLeftHasNone() throws {
    #expect(try post(1, of: ada, isAsked: false, now: 0) == nil)
    #expect(try post(2, of: ben, isAsked: false, now: 0) == nil)
    #expect(try post(3, of: ben, lines: 0, now: 0) == nil)
    book.remove(ada)
    #expect(book.count == 1)
    book.begin()
    #expect(try post(4, of: ben, now: 1) == MerkleTree([nonce(4).bytes]).root)
  }
}
