internal import Crypto
package import PumpkiiWire

/// One account's key for the personal values in the ledgers.
package struct RowKey: Sendable {
  package let row: RowID
  private let secret: SecretBytes

  static let byteCount = RowID.byteCount + 32

  /// A new one, of random bytes.
  init() throws(VaultError) {
    do throws(WireError) {
      row = try RowID(SecretBytes(randomCount: RowID.byteCount).exposed)
    } catch { throw VaultError(error) }
    secret = SecretBytes(randomCount: 32)
  }

  /// - Throws: ``VaultError`` `badKey` for another length.
  init(file bytes: [UInt8]) throws(VaultError) {
    guard bytes.count == Self.byteCount, let row = try? RowID(Array(bytes.prefix(RowID.byteCount))) else {
      throw VaultError(.badKey, "row key")
    }
    self.row = row
    secret = SecretBytes(Array(bytes.suffix(32)))
  }

  /// Row id and key, to be wiped after use.
  var file: [UInt8] { row.bytes + secret.exposed }

  /// Seals who acted, for the entry `number` of a ledger.
  /// - Throws: ``VaultError``.
  package func seal(
    _ account: AccountID, _ client: ClientID, log: AuditLog, device: DeviceID, number: UInt64
  ) throws(VaultError) -> SealedPerson {
    let context = SealedPerson.context(log: log, device: device, number: number, row: row)
    let box = try? AES.GCM.seal(account.bytes + client.bytes, using: key, authenticating: context)
    guard let box,
      let sealed = try? SealedPerson(
        row: row, nonce: Array(box.nonce), sealed: Array(box.ciphertext) + Array(box.tag))
    else { throw VaultError(.badKey, "row key") }
    return sealed
  }

  /// Who acted.
  /// - Throws: ``VaultError`` `noKey` for another row, `badTag` for another place or altered bytes.
  package func open(
    _ person: SealedPerson, log: AuditLog, device: DeviceID, number: UInt64
  ) throws(VaultError) -> (account: AccountID, client: ClientID) {
    guard person.row == row else { throw VaultError(.noKey, "row key") }
    let context = SealedPerson.context(log: log, device: device, number: number, row: row)
    let parts = SealedPerson.plainByteCount
    guard let nonce = try? AES.GCM.Nonce(data: person.nonce),
      let box = try? AES.GCM.SealedBox(
        nonce: nonce, ciphertext: person.sealed.prefix(parts), tag: person.sealed.dropFirst(parts)),
      let plain = (try? AES.GCM.open(box, using: key, authenticating: context)).map({ Array($0) }),
      let account = try? AccountID(Array(plain.prefix(AccountID.byteCount))),
      let client = try? ClientID(Array(plain.dropFirst(AccountID.byteCount)))
    else { throw VaultError(.badTag, "sealed person") }
    return (account, client)
  }

  private var key: SymmetricKey { unsafe secret.withUnsafeBytes { unsafe SymmetricKey(data: $0) } }
}
