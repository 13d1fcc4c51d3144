internal import PumpkiiSystem
package import PumpkiiWire
internal import Synchronization

/// The row keys of a device's ledgers: a file an account, so that erasing an account is destroying one file.
package final class RowKeyRing: Sendable {
  private let folder: String
  /// Two entries about a new account must not make two keys.
  private let turn = Mutex<Void>(())

  /// Reads and writes nothing yet.
  package init(folder: String) { self.folder = folder }

  /// The account's key, made at its first entry.
  /// - Throws: ``VaultError`` `storage` or `badKey`.
  package func key(for account: AccountID) throws(VaultError) -> RowKey {
    try turn.withLock { _ throws(VaultError) -> RowKey in
      if let known = try known(account) { return known }
      let fresh = try RowKey()
      do throws(SystemError) { try DurableFile.makeFolder(folder) } catch { throw VaultError(error) }
      var bytes = fresh.file
      defer { CryptoWipe.wipe(&bytes) }
      try KeyFile.save(bytes, .row, to: path(account))
      return fresh
    }
  }

  /// The account's key, nil where it has none or was erased.
  /// - Throws: ``VaultError`` `storage` or `badKey`.
  package func known(_ account: AccountID) throws(VaultError) -> RowKey? {
    guard var bytes = try KeyFile.load(.row, from: path(account)) else { return nil }
    defer { CryptoWipe.wipe(&bytes) }
    return try RowKey(file: bytes)
  }

  /// Destroys the account's key: what the ledgers say of it stays, and nobody can tell of whom.
  /// - Returns: the row that has no key any more; nil when there was none.
  /// - Throws: ``VaultError`` `storage`.
  package func erase(_ account: AccountID) throws(VaultError) -> RowID? {
    try turn.withLock { _ throws(VaultError) -> RowID? in
      let row = (try? known(account))?.row
      do throws(SystemError) { try DurableFile.destroy(path(account)) } catch { throw VaultError(error) }
      return row
    }
  }

  /// The accounts that have a key.
  package var accounts: [AccountID] {
    ((try? DurableFile.list(folder)) ?? []).filter { $0.hasSuffix(Self.suffix) }
      .compactMap { try? AccountID(hex: $0.dropLast(Self.suffix.count)) }
  }

  /// Every key that is there and whole, by its row, for whoever reads the ledgers.
  package var all: [RowID: RowKey] {
    let keys = accounts.compactMap { (try? known($0)) ?? nil }
    return Dictionary(keys.map { ($0.row, $0) }) { $1 }
  }

  private static let suffix = ".key"

  private func path(_ account: AccountID) -> String { "\(folder)/\(account.hex)\(Self.suffix)" }
}
