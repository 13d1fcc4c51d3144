internal import PumpkiiSystem
internal import PumpkiiVault
package import PumpkiiWire

// Destroying a person's key and noting that somebody's was destroyed are two writes; a mark between them, which names
// nobody, lets the next start finish what a crash or a full disk cut.
extension Audit {
  private static let suffix = ".erasing"

  private func mark(_ row: RowID) -> String { "\(paths.rowKeys)/\(row.hex)\(Self.suffix)" }

  /// Destroys the key of an account's personal values in both ledgers, and notes that somebody's was.
  /// - Returns: false where nothing names it.
  /// - Throws: ``AgentError``: `audit` or `home`.
  @discardableResult
  package func erase(_ account: AccountID) throws(AgentError) -> Bool {
    let row = ((try? rowKeys.known(account)) ?? nil)?.row
    if let row { try AgentHome.guarded { () throws(SystemError) in try DurableFile.write([], to: mark(row)) } }
    try destroy(account)
    guard let row else { return false }
    try note(row)
    return true
  }

  /// Finishes what was begun before this start; what a full disk refuses is tried again by the next.
  /// - Parameter noted: rows that the ledger says it of already.
  func finishErasures(_ noted: Set<RowID>) {
    let marks = ((try? DurableFile.list(paths.rowKeys)) ?? []).filter { $0.hasSuffix(Self.suffix) }
    for row in marks.compactMap({ try? RowID(hex: $0.dropLast(Self.suffix.count)) }) {
      try? finish(row, isNoted: noted.contains(row))
    }
  }

  private func finish(_ row: RowID, isNoted: Bool) throws(AgentError) {
    for account in rowKeys.accounts where ((try? rowKeys.known(account)) ?? nil)?.row == row { try destroy(account) }
    if isNoted { try unmark(row) } else { try note(row) }
  }

  private func destroy(_ account: AccountID) throws(AgentError) {
    do throws(VaultError) {
      _ = try rowKeys.erase(account)
    } catch {
      throw AgentError(
        .audit, "the account's key could not be destroyed (\(error.code.rawValue))",
        advice: "Check that the folder of keys can be written, and ask again.")
    }
  }

  private func note(_ row: RowID) throws(AgentError) {
    try consents.erased(row)
    try unmark(row)
  }

  private func unmark(_ row: RowID) throws(AgentError) {
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.remove(mark(row)) }
  }
}
