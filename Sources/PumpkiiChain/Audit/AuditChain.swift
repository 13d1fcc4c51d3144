package import PumpkiiWire

/// A ledger as far as it was read: each entry is the device's own and follows the one before it.
package struct AuditChain: Sendable {
  package let log: AuditLog
  private let key: SigningKey
  private let device: DeviceID
  /// Where it stands: the number of entries and the hash after the last.
  package private(set) var head: AuditAnchor.Head

  /// Goes on from `head`.
  package init(log: AuditLog, key: SigningKey, from head: AuditAnchor.Head = AuditAnchor.Head()) {
    self.log = log
    self.key = key
    self.head = head
    device = DeviceID(of: key)
  }

  /// Takes the next entry; the chain stays as it was when it is refused.
  /// - Throws: ``ChainError``: `malformed`, `wrongDevice`, `wrongVersion`, `wrongPrevious`, or a signature's code.
  @discardableResult
  package mutating func take(_ bytes: [UInt8]) throws(ChainError) -> AuditEntry {
    let signed = try Decoding.signed(AuditEntry.self, bytes)
    let entry = signed.body
    guard entry.log == log else { throw ChainError(.malformed, "an entry of another ledger") }
    guard entry.device == device else { throw ChainError(.wrongDevice, "ledger entry") }
    guard entry.number == head.count + 1 else { throw ChainError(.wrongVersion, "ledger entry \(entry.number)") }
    guard entry.previous == head.hash else { throw ChainError(.wrongPrevious, "ledger entry \(entry.number)") }
    try SignatureCheck.verify(signed.signature, label: .ledger, body: signed.bodyBytes, key: key)
    head = Self.head(after: head, bytes)
    return entry
  }

  /// The head with one more signed entry.
  package static func head(after head: AuditAnchor.Head, _ bytes: [UInt8]) -> AuditAnchor.Head {
    AuditAnchor.Head(count: head.count + 1, hash: Hashes.sha256(head.hash.bytes, bytes))
  }
}
