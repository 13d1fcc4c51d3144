package import PumpkiiWire

/// Proves a ledger against the device's public key and the head that is anchored beside its private one: no byte
/// altered, no entry removed, none put in between.
package struct AuditCheck: Sendable {
  /// What was found in order.
  package struct Report: Sendable, Equatable {
    package let log: AuditLog
    /// Entries that are there; those before were dropped for their age.
    package let entries: UInt64
    package let head: AuditAnchor.Head
    /// Entries after the anchored head: written, and the anchor not yet moved.
    package let beyond: UInt64
    /// Bytes after the last entry that are no whole entry: a write that was cut, or is under way.
    package let tail: Int
  }

  private var chain: AuditChain
  private let anchor: AuditAnchor.Head
  /// Where the first entry goes on from, and whether an entry of the ledger itself vouches for it.
  private let base: AuditAnchor.Head
  private var isBaseKnown: Bool

  /// - Parameters:
  ///   - files: the ledger's files, oldest first.
  ///   - isWhole: whether they are all there are, so that entries before them need a reason.
  /// - Throws: ``ChainError``; `rolledBack` where entries are missing, `otherHead` where they are not those anchored.
  package static func verify(
    _ log: AuditLog, files: [[UInt8]], key: SigningKey, anchor: AuditAnchor.Head, isWhole: Bool = true
  ) throws(ChainError) -> Report {
    let parts = files.map { (split: AuditFile.split($0), size: $0.count) }
    let first = parts.lazy.compactMap { $0.split.entries.first }.first
    var check = try AuditCheck(log, key, anchor, first: first)
    var tail = 0
    for (index, part) in parts.enumerated() {
      let sizes = part.split.entries.map { $0.count + 4 }
      var whole = 0
      for (entry, size) in zip(part.split.entries, sizes) {
        guard try check.take(entry) else { break }
        whole += size
      }
      tail = part.size - whole
      guard tail == 0 || index == parts.count - 1 else { throw ChainError(.malformed, "\(log.name): a file inside") }
    }
    return try check.finish(tail: tail, isWhole: isWhole)
  }

  private init(
    _ log: AuditLog, _ key: SigningKey, _ anchor: AuditAnchor.Head, first: [UInt8]?
  ) throws(ChainError) {
    self.anchor = anchor
    if let first, let entry = try? Decoding.signed(AuditEntry.self, first).body, entry.number > 1 {
      base = AuditAnchor.Head(count: entry.number - 1, hash: entry.previous)
    } else {
      base = AuditAnchor.Head()
    }
    isBaseKnown = base.count == 0
    chain = AuditChain(log: log, key: key, from: base)
    guard base.count <= anchor.count else {
      throw ChainError(.rolledBack, "the counter is older than the \(log.name) ledger")
    }
    try compare()
  }

  /// - Returns: false for an entry after the anchor that does not verify: nothing of it ever counted.
  private mutating func take(_ bytes: [UInt8]) throws(ChainError) -> Bool {
    do throws(ChainError) {
      let entry = try chain.take(bytes)
      if case .pruned(let number, let head) = entry.record, number == base.count, head == base.hash {
        isBaseKnown = true
      }
    } catch {
      if chain.head.count >= anchor.count { return false }
      throw error
    }
    try compare()
    return true
  }

  private func compare() throws(ChainError) {
    guard chain.head.count == anchor.count else { return }
    guard chain.head.hash == anchor.hash else {
      throw ChainError(.otherHead, "\(chain.log.name) entry \(anchor.count)")
    }
  }

  private func finish(tail: Int, isWhole: Bool) throws(ChainError) -> Report {
    guard chain.head.count >= anchor.count else {
      throw ChainError(.rolledBack, "\(chain.log.name) entries after \(chain.head.count) are missing")
    }
    guard isBaseKnown || !isWhole else {
      throw ChainError(.wrongPrevious, "\(chain.log.name) entries up to \(base.count) are missing")
    }
    return Report(
      log: chain.log, entries: chain.head.count - base.count, head: chain.head,
      beyond: chain.head.count - anchor.count, tail: tail)
  }
}
