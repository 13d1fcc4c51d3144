package import PumpkiiWire

/// The newest sealing key of each client of each account, announced beside the account chains.
///
/// An account's chain does not prove that the clients in it agreed: anybody can list a stranger's client. So a key
/// counts only for the account that its client announced it for.
package struct SealingKeyBook: Sendable, Equatable {
  private struct Line: Sendable, Equatable {
    let announcement: SealingKeyAnnouncement
    let bytes: [UInt8]
  }

  private struct Place: Hashable {
    let account: AccountID
    let client: ClientID
  }

  private var lines: [Place: Line] = [:]

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
    lines = lines.filter { place, _ in place.account != chain.id || chain.clients[place.client] != nil }
    let place = Place(account: chain.id, client: signed.body.client)
    if let known = lines[place] {
      guard signed.body.counter >= known.announcement.counter else { return false }
      guard signed.body.counter > known.announcement.counter else {
        guard signed.body == known.announcement else { throw ChainError(.fork, "two sealing keys of one counter") }
        return false
      }
    }
    try SealingKeyCheck.verify(signed.body.suite, signed.body.publicKey)
    lines[place] = Line(announcement: signed.body, bytes: bytes)
    return true
  }

  /// The key to seal to for a client of an account, however old.
  package func newest(of client: ClientID, in account: AccountID) -> SealingKeyAnnouncement? {
    lines[Place(account: account, client: client)]?.announcement
  }

  /// The newest announcement of each client as received, in the order of the client and account ids.
  package var announcements: [[UInt8]] {
    func order(_ place: Place) -> [UInt8] { place.client.bytes + place.account.bytes }
    return lines.sorted { order($0.key).lexicographicallyPrecedes(order($1.key)) }.map(\.value.bytes)
  }
}
