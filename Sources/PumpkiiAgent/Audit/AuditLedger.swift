internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire
internal import Synchronization

/// One ledger on the disk: entries are chained, signed and synced, then its head is anchored in the counter. Blocks
/// while it writes.
package final class AuditLedger: Sendable {
  /// What it is made of.
  package struct Parts: Sendable {
    let log: AuditLog
    let folder: AuditFolder
    let identity: SigningIdentity
    let counter: Counter
    let keys: RowKeyRing
    let limits: Limits

    package init(
      log: AuditLog, folder: AuditFolder, identity: SigningIdentity, counter: Counter, keys: RowKeyRing, limits: Limits
    ) {
      self.log = log
      self.folder = folder
      self.identity = identity
      self.counter = counter
      self.keys = keys
      self.limits = limits
    }
  }

  /// How large it becomes.
  package struct Limits: Sendable {
    /// Bytes after which a new file begins.
    package var fileBytes: Int
    /// Files that are kept, the oldest goes first; nil for all.
    package var files: Int?

    package init(fileBytes: Int, files: Int?) {
      self.fileBytes = fileBytes
      self.files = files
    }

    /// Decisions for months, consents for ever.
    package static func standard(_ log: AuditLog) -> Limits {
      Limits(fileBytes: 1 << 20, files: log == .consent ? nil : 32)
    }
  }

  struct State {
    var head: AuditAnchor.Head
    /// The first number of each file, ascending.
    var files: [UInt64]
    /// Bytes of the last file.
    var size: Int
    /// A half entry could not be taken away again: nothing may follow it.
    var isBroken = false
  }

  /// Entries written at once, and so the most that a power cut leaves beyond the anchor.
  static let batch = 16

  let parts: Parts
  private let state: Mutex<State>

  /// Opens it, proves it, and heals the end of a write that was cut.
  /// - Throws: ``AgentError``: `rollback` or `audit` when it is not whole, `home`.
  package init(_ parts: Parts) throws(AgentError) {
    self.parts = parts
    let (opened, healed) = try Self.open(parts)
    state = Mutex(opened)
    if let healed {
      try append([healed])
      try settle()
    }
  }

  package var head: AuditAnchor.Head { state.withLock { $0.head } }

  /// Writes at most ``batch`` entries; they are on the disk when it returns, and count once ``settle()`` has returned.
  /// - Throws: ``AgentError``: `home` or `audit`; none of them is there then, and they may be tried again.
  package func append(_ drafts: [AuditDraft]) throws(AgentError) {
    guard !drafts.isEmpty else { return }
    try state.withLock { state throws(AgentError) in
      guard !state.isBroken else { throw Self.broken(parts.log) }
      try anchor(state.head)
      let oldest = try beginFile(&state)
      var drafts = drafts
      if let oldest { drafts.append(oldest.draft) }
      let (bytes, head) = try encode(drafts, after: state.head)
      try write(bytes, &state)
      state.head = head
      if let oldest { drop(oldest.first, &state) }
    }
  }

  /// Anchors what was written. Apart from writing, so that who tries again does not write it a second time.
  /// - Throws: ``AgentError``: `home` or `rollback`.
  package func settle() throws(AgentError) {
    try state.withLock { state throws(AgentError) in try anchor(state.head) }
  }

  private func anchor(_ head: AuditAnchor.Head) throws(AgentError) {
    try parts.counter.raise { $0[parts.log] = head }
  }

  private func encode(
    _ drafts: [AuditDraft], after head: AuditAnchor.Head
  ) throws(AgentError) -> (bytes: [UInt8], head: AuditAnchor.Head) {
    var (bytes, head): ([UInt8], AuditAnchor.Head) = ([], head)
    for draft in drafts {
      var entry = AuditEntry(
        log: parts.log, device: DeviceID(of: parts.identity.publicKey), number: head.count + 1, previous: head.hash,
        time: draft.time, record: .began)
      do throws(VaultError) {
        entry.record = try draft.sealed(by: parts.keys, at: entry)
      } catch {
        throw AgentError(
          .audit, "no key for an account's entry in the \(parts.log.name) ledger (\(error.code.rawValue))",
          advice: "Check that the folder of keys can be written and the disk is not full.")
      }
      let signed = parts.identity.sign(entry, .ledger).bytes
      bytes += AuditFile.frame(signed)
      head = AuditChain.head(after: head, signed)
    }
    return (bytes, head)
  }

  private func write(_ bytes: [UInt8], _ state: inout State) throws(AgentError) {
    let path = parts.folder.path(parts.log, from: state.files.last ?? 1)
    do throws(SystemError) {
      try DurableFile.append(bytes, to: path)
      state.size += bytes.count
    } catch {
      // Half an entry in the middle would be the end of the ledger.
      do throws(SystemError) { try DurableFile.cut(path, to: state.size) } catch { state.isBroken = true }
      throw AgentError(
        .home, "the \(parts.log.name) ledger cannot be written (\(error))",
        advice: "Check that the disk is not full and the agent's folder belongs to its user.")
    }
  }

  /// A new file where there is none or the last is full.
  /// - Returns: the file that is too old by that, and the entry that says so.
  private func beginFile(_ state: inout State) throws(AgentError) -> (first: UInt64, draft: AuditDraft)? {
    if state.files.isEmpty || state.size >= parts.limits.fileBytes {
      let first = state.head.count + 1
      try AgentHome.guarded { () throws(SystemError) in try parts.folder.begin(parts.log, from: first) }
      if state.files.last != first { state.files.append(first) }
      state.size = 0
    }
    guard let most = parts.limits.files, state.files.count > most, let first = state.files.first,
      let head = try headBefore(state.files[1])
    else { return nil }
    return (first, .record(.pruned(through: head.count, head: head.hash), at: Clocks.unixMicroseconds()))
  }

  private func headBefore(_ first: UInt64) throws(AgentError) -> AuditAnchor.Head? {
    let entries = AuditFile.split(try parts.folder.read(parts.log, from: first)).entries
    guard let bytes = entries.first, let entry = try? Signed<AuditEntry>(decoding: bytes).body else { return nil }
    return AuditAnchor.Head(count: entry.number - 1, hash: entry.previous)
  }

  /// One that cannot be removed is tried again when the next file begins.
  private func drop(_ first: UInt64, _ state: inout State) {
    guard (try? DurableFile.remove(parts.folder.path(parts.log, from: first))) != nil else { return }
    state.files.removeAll { $0 == first }
  }

  private static func broken(_ log: AuditLog) -> AgentError {
    AgentError(
      .audit, "the end of the \(log.name) ledger could not be made whole after a failed write",
      advice: "Check the disk and start the agent again.")
  }
}
