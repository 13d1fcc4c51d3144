internal import PumpkiiChain
package import PumpkiiSystem
package import PumpkiiWire

/// The owner's policy on disk. A new document is written beside the old one, then its (version, hash) is synced in a
/// second file, then it takes the old one's place; a start rolls forward. Below the synced pair everything is denied. The
/// old one is kept until the next change, for a roster that does not name the new one yet.
package struct PolicyStore: Sendable {
  /// What the disk holds.
  package enum State: Sendable, Equatable {
    /// The owner has not set one yet.
    case none
    /// Encoded ``Signed`` ``PolicyDocument``; its signature is not verified yet.
    case document([UInt8])
    /// Damaged or rolled back; says how, for people.
    case refused(String)
  }

  private let folder: String

  package init(folder: String) { self.folder = folder }

  private var documentPath: String { "\(folder)/policy" }
  private var nextPath: String { "\(folder)/policy.next" }
  private var beforePath: String { "\(folder)/policy.before" }
  private var pairPath: String { "\(folder)/policy.pair" }

  /// Stores `document`; durable when it returns.
  /// - Parameter named: the one that the roster on the disk names; it is kept whatever comes after it, until a roster
  ///   that names another is there.
  /// - Throws: ``SystemError``.
  package func store(_ document: [UInt8], version: UInt64, keeping named: Digest? = nil) throws(SystemError) {
    try DurableFile.write(document, to: nextPath)
    var pair = ByteWriter()
    pair.write(version)
    pair.write(Hashes.sha256(document))
    try DurableFile.write(pair.bytes, to: pairPath)
    try rollForward(document, keeping: named)
  }

  /// What holds now; finishes a change that a power cut interrupted.
  package func load() -> State { load(keeping: nil) }

  private func load(keeping named: Digest?) -> State {
    do throws(SystemError) {
      guard let pairBytes = try DurableFile.read(pairPath) else {
        return DurableFile.exists(documentPath) ? .refused("the record of the policy's version is missing") : .none
      }
      guard let pair = Pair(pairBytes) else { return .refused("the record of the policy's version is damaged") }
      if let current = try DurableFile.read(documentPath), pair.matches(current) { return .document(current) }
      guard let next = try DurableFile.read(nextPath), pair.matches(next) else {
        return .refused("the policy is damaged, missing or older than version \(pair.version)")
      }
      try rollForward(next, keeping: named)
      return .document(next)
    } catch {
      return .refused("the policy cannot be read: \(error)")
    }
  }

  /// What holds when the roster names this document. The roster is what puts a policy in force: where a change was cut
  /// before it, the document that it still names is put back.
  package func load(named hash: Digest, version: UInt64) -> State {
    let state = load(keeping: hash)
    guard case .document(let found) = state, Hashes.sha256(found) != hash,
      let before = try? DurableFile.read(beforePath), Hashes.sha256(before) == hash
    else { return state }
    // A disk that does not take it holds it all the same, and the next start tries again.
    try? store(before, version: version)
    return .document(before)
  }

  private func rollForward(_ document: [UInt8], keeping named: Digest?) throws(SystemError) {
    if let before = try DurableFile.read(documentPath), before != document, try !isKept(named) {
      try DurableFile.write(before, to: beforePath)
    }
    try DurableFile.write(document, to: documentPath)
    try DurableFile.remove(nextPath)
  }

  private func isKept(_ named: Digest?) throws(SystemError) -> Bool {
    guard let named, let kept = try DurableFile.read(beforePath) else { return false }
    return Hashes.sha256(kept) == named
  }

  private struct Pair {
    let version: UInt64
    let hash: Digest

    init?(_ bytes: [UInt8]) {
      do throws(WireError) {
        var reader = ByteReader(bytes)
        version = try reader.read("policy version")
        hash = try reader.read("policy hash")
        try reader.finish("policy pair")
      } catch {
        return nil
      }
    }

    func matches(_ document: [UInt8]) -> Bool { Hashes.sha256(document) == hash }
  }
}
