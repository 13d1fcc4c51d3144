internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

extension AuditLedger {
  /// Proves the last file against the anchor; the files before it are what `pumpkii permissions verify` looks at.
  /// - Returns: where it stands, and the entry about what had to be cut.
  static func open(_ parts: Parts) throws(AgentError) -> (State, AuditDraft?) {
    let files = try parts.folder.files(parts.log)
    var contents: [[UInt8]] = []
    for first in files.suffix(2) { contents.append(try parts.folder.read(parts.log, from: first)) }
    // A file that was begun and has no entry yet goes on from the one before it.
    if let last = contents.last, !AuditFile.split(last).entries.isEmpty { contents = [last] }
    try checkBeginning(parts.log, of: contents.first ?? [], named: files.suffix(contents.count).first ?? 1)
    let report = try verify(parts, contents)
    guard report.beyond <= UInt64(batch) else {
      throw AgentError(
        .rollback, "the counter is \(report.beyond) entries behind the \(parts.log.name) ledger: it was brought back",
        advice: "Everything is denied. Restore the newest counter, or reset the camera and pair it anew.")
    }
    try parts.counter.raise { $0[parts.log] = report.head }
    let size = (contents.last?.count ?? 0) - report.tail
    var healed: AuditDraft?
    if report.tail > 0, let first = files.last, let bytes = contents.last {
      try AgentHome.guarded { () throws(SystemError) in
        try DurableFile.cut(parts.folder.path(parts.log, from: first), to: size)
      }
      healed = .record(
        .healed(bytes: UInt32(clamping: report.tail), hash: Hashes.sha256(bytes.suffix(report.tail))),
        at: Clocks.unixMicroseconds())
    }
    return (State(head: report.head, files: files, size: size), healed)
  }

  /// A file's name says which entry it begins with, so that one taken from its beginning is missed without the files
  /// before.
  private static func checkBeginning(_ log: AuditLog, of bytes: [UInt8], named first: UInt64) throws(AgentError) {
    guard let entry = AuditFile.split(bytes).entries.first,
      let number = (try? Signed<AuditEntry>(decoding: entry))?.body.number
    else { return }
    guard number == first else {
      throw AgentError(refusing: log, ChainError(.wrongVersion, "a file that begins with \(first) has \(number)"))
    }
  }

  private static func verify(_ parts: Parts, _ contents: [[UInt8]]) throws(AgentError) -> AuditCheck.Report {
    do throws(ChainError) {
      return try AuditCheck.verify(
        parts.log, files: contents, key: parts.identity.publicKey, anchor: parts.counter.value[parts.log],
        isWhole: false)
    } catch {
      throw AgentError(refusing: parts.log, error)
    }
  }
}

extension AgentError {
  /// Why a ledger is not taken.
  init(refusing log: AuditLog, _ error: ChainError) {
    let isOld = error.code == .rolledBack
    self.init(
      isOld ? .rollback : .audit,
      isOld
        ? "entries at the end of the \(log.name) ledger are missing (\(error.detail))"
        : "the \(log.name) ledger was altered (\(error))",
      advice: "Everything is denied. Restore the newest state folder, or reset the camera and pair it anew.")
  }
}
