internal import Crypto
internal import FoundationEssentials
internal import PumpkiiSystem
internal import PumpkiiVault

/// Seals the secrets of an account's folder at rest (AES-256-GCM under a key file of its own), so that a copied file or
/// a backup without the key file is worth nothing. Who may read the whole folder may read the secrets.
struct HomeKey: Sendable {
  private static let byteCount = 32
  private let key: SymmetricKey

  /// Reads the key file, or makes it.
  /// - Throws: ``ClientError`` `client-home`.
  init(path: String) throws(ClientError) {
    key = try ClientError.translating {
      if var bytes = try DurableFile.read(path, limit: 4096) {
        defer { CryptoWipe.wipe(&bytes) }
        guard bytes.count == Self.byteCount else { throw ClientError(.home, "\(path) is not a key of 32 bytes") }
        return SymmetricKey(data: bytes)
      }
      var bytes = SystemRandom.bytes(Self.byteCount)
      defer { CryptoWipe.wipe(&bytes) }
      try DurableFile.write(bytes, to: path)
      return SymmetricKey(data: bytes)
    }
  }

  /// Nonce, ciphertext and tag. `purpose` is bound in, so that one file cannot stand in for another.
  /// - Throws: ``ClientError`` `client-home`.
  func seal(_ bytes: [UInt8], purpose: String) throws(ClientError) -> [UInt8] {
    let label = Array(purpose.utf8)
    let sealed = try ClientError.translating { try AES.GCM.seal(bytes, using: key, authenticating: label) }
    guard let combined = sealed.combined else { throw ClientError(.home, "\(purpose) cannot be sealed") }
    return Array(combined)
  }

  /// - Throws: ``ClientError`` `client-home` when the bytes were not sealed by this key for `purpose`.
  func open(_ bytes: [UInt8], purpose: String) throws(ClientError) -> [UInt8] {
    do {
      let box = try AES.GCM.SealedBox(combined: bytes)
      var plain = try AES.GCM.open(box, using: key, authenticating: Array(purpose.utf8))
      defer { plain.resetBytes(in: plain.startIndex..<plain.endIndex) }
      return Array(plain)
    } catch {
      throw ClientError(
        .home, "the file of \(purpose) was altered or belongs to another home.key",
        advice: "restore the account's folder from a backup")
    }
  }
}
