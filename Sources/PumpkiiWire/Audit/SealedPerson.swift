/// Names an account's row key without naming the account: random, and gone with the key.
package struct RowID: FixedBytes {
  package static let byteCount = 16
  package let bytes: [UInt8]
  /// - Throws: ``WireError`` `truncated` for another number of bytes.
  package init(_ bytes: [UInt8]) throws(WireError) { self.bytes = try Self.checked(bytes) }
}

/// The account and the client behind an entry, sealed by AES-256-GCM under the account's row key: once the key is
/// destroyed nobody can say who it was, and the chain still verifies.
package struct SealedPerson: Sendable, Hashable {
  /// Account id and client id.
  package static let plainByteCount = AccountID.byteCount + ClientID.byteCount
  package static let nonceByteCount = 12
  private static let sealedByteCount = plainByteCount + 16

  /// Which row key sealed it.
  package let row: RowID
  package let nonce: [UInt8]
  /// Ciphertext and tag.
  package let sealed: [UInt8]

  /// - Throws: ``WireError`` `truncated` for a wrong length.
  package init(row: RowID, nonce: [UInt8], sealed: [UInt8]) throws(WireError) {
    guard nonce.count == Self.nonceByteCount, sealed.count == Self.sealedByteCount else {
      throw WireError(.truncated, "sealed person")
    }
    self.row = row
    self.nonce = nonce
    self.sealed = sealed
  }

  func write(to writer: inout ByteWriter) {
    writer.write(row)
    writer.write(nonce)
    writer.write(sealed)
  }

  init(_ reader: inout ByteReader) throws(WireError) {
    row = try reader.read("row id")
    nonce = try reader.read(count: Self.nonceByteCount, "nonce")
    sealed = try reader.read(count: Self.sealedByteCount, "sealed person")
  }

  /// What the seal is bound to beside the key: the place where it stands.
  package static func context(log: AuditLog, device: DeviceID, number: UInt64, row: RowID) -> [UInt8] {
    var writer = ByteWriter()
    writer.write(log.rawValue)
    writer.write(device)
    writer.write(number)
    writer.write(row)
    return writer.bytes
  }
}
