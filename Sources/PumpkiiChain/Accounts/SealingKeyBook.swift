package import PumpkiiWire

/// The newest sealing key of each client, announced beside the account chains.
package struct SealingKeyBook: Sendable, Equatable {
  private struct Line: Sendable, Equatable {
    let announcement: SealingKeyAnnouncement
    let bytes: [UInt8]
  }

  private var lines: [ClientID: Line] = [:]

  /// An empty book.
  package init() {}

  /// Takes an announcement signed by a client that stands in `chain`; says whether it is newer than what was known.
  /// Keys of clients that no longer stand in this account leave the book.
  /// - Throws: ``ChainError``: `wrongAccount`, `notMember`, a signature's code, a key's code, or `fork` for two keys
  ///   under one counter.
  @discardableResult
  package mutating func take(_ bytes: [UInt8], chain: AccountChain) throws(ChainError) -> Bool {
    let signed = try Decoding.signed(SealingKeyAnnouncement.self, bytes)
    guard signed.body.account == chain.id else { throw ChainError(.wrongAccount, "sealing key") }
    guard let client = chain.clients[signed.body.client] else { throw ChainError(.notMember, "sealing key") }
    try SignatureCheck.verify(signed.signature, label: .sealingKey, body: signed.bodyBytes, key: client.key)
    lines = lines.filter { $1.announcement.account != chain.id || chain.clients[$0] != nil }
    if let known = lines[signed.body.client] {
      guard signed.body.counter >= known.announcement.counter else { return false }
      guard signed.body.counter > known.announcement.counter else {
        guard signed.body == known.announcement else { throw ChainError(.fork, "two sealing keys of one counter") }
        return false
      }
    }
    try SealingKeyCheck.verify(signed.body.suite, signed.body.publicKey)
    lines[signed.body.client] = Line(announcement: signed.body, bytes: bytes)
    return true
  }

  /// The key to seal to for a client, however old.
  package func newest(of client: ClientID) -> SealingKeyAnnouncement? { lines[client]?.announcement }

  /// The newest announcement of each client as received, in the order of the client ids.
  package var announcements: [[UInt8]] {
    lines.sorted { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }.map(\.value.bytes)
  }
}
