internal import PumpkiiChain
package import PumpkiiWire

/// Viewers' nonces of one room: collects the newest of each line, makes the next challenge of them, and remembers the
/// trees of the last two, so that a beacon's viewers get their paths. Bounded by the room's viewers.
package struct NonceBook: Sendable {
  private struct Held: Sendable, Equatable {
    let client: ClientID
    let nonce: Nonce
  }

  private struct Round: Sendable {
    let leaves: [Held]
    let tree: MerkleTree
  }

  /// ms between two challenges. Viewers post once a second, so the second of them finds two seconds over, if not to the
  /// millisecond.
  package static let interval: UInt64 = 1_900
  /// Challenges whose paths are kept: the newest, and the one a beacon on its way may still answer.
  private static let roundCount = 2

  private var waiting: [Held] = []
  private var rounds: [Round] = []
  private var challenged: UInt64?

  /// A book without nonces.
  package init() {}

  /// Nonces that wait for the next challenge.
  package var count: Int { waiting.count }

  /// Takes a nonce. A client has as many as it has lines in the room; the oldest goes.
  /// - Parameter isAsked: whether there is a device that could be challenged.
  /// - Returns: the root that the device is to answer now, nil when it is not time.
  package mutating func post(
    _ nonce: Nonce, of client: ClientID, lines: Int, isAsked: Bool, now: UInt64
  ) -> Digest? {
    let held = Held(client: client, nonce: nonce)
    guard lines > 0, !waiting.contains(held) else { return nil }
    let mine = waiting.indices.filter { waiting[$0].client == client }
    for place in mine.prefix(max(0, mine.count - lines + 1)).reversed() { waiting.remove(at: place) }
    waiting.append(held)
    guard isAsked else { return nil }
    if let challenged, now >= challenged, now - challenged < Self.interval { return nil }
    challenged = now
    let round = Round(leaves: waiting, tree: MerkleTree(waiting.map(\.nonce.bytes)))
    rounds = rounds.suffix(Self.roundCount - 1) + [round]
    waiting.removeAll()
    return round.tree.root
  }

  /// Forgets what a client that has left the room posted.
  package mutating func remove(_ client: ClientID) { waiting.removeAll { $0.client == client } }

  /// The device's line is a new one: it knows no challenge, so the next nonce makes one.
  package mutating func begin() {
    challenged = nil
    rounds.removeAll()
  }

  /// The paths of one client's nonces to `challenge`, as bodies of items; none for a challenge that is not remembered.
  package func paths(to challenge: Digest, of client: ClientID) -> [NoncePath] {
    guard let round = rounds.last(where: { $0.tree.root == challenge }) else { return [] }
    return round.leaves.enumerated().compactMap { place, held in
      guard held.client == client, let hashes = round.tree.path(place) else { return nil }
      return NoncePath(
        nonce: held.nonce, treeSize: UInt32(round.leaves.count), leafIndex: UInt32(place), hashes: hashes)
    }
  }
}
