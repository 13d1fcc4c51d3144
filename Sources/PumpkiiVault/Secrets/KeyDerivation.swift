internal import CPumpkiiOpenSSL

/// HKDF (RFC 5869) by libcrypto, so that neither the pseudorandom key nor the result lies in memory that nobody wipes.
package enum KeyDerivation {
  /// The hash under HKDF. Outside HPKE and the vectors of other suites the protocol uses SHA-512 only.
  package enum Hash: Int32, Sendable {
    case sha256 = 256
    case sha512 = 512
  }

  /// HKDF-Expand(HKDF-Extract(salt, secret), info, count).
  /// - Throws: ``VaultError`` `malformed` when `count` is more than 255 hashes.
  package static func hkdf(
    _ hash: Hash = .sha512, secret: SecretBytes, salt: [UInt8] = [], info: [UInt8], count: Int
  ) throws(VaultError) -> SecretBytes {
    var made = false
    let output = unsafe SecretBytes(count: count) { output in
      unsafe secret.withUnsafeBytes { secret in
        made =
          unsafe pumpkii_hkdf(
            hash.rawValue, secret.bindMemory(to: UInt8.self).baseAddress, secret.count, salt, salt.count, info,
            info.count, output.bindMemory(to: UInt8.self).baseAddress, count) == 1
      }
    }
    guard made else { throw VaultError(.malformed, "HKDF of \(count) bytes") }
    return output
  }

  /// The same with SHA-512, an empty salt and a text that names the purpose; lengths here never exceed the limit.
  static func labeled(_ label: String, _ context: [UInt8] = [], from secret: SecretBytes, count: Int) -> SecretBytes {
    guard let output = try? hkdf(secret: secret, info: Array(label.utf8) + context, count: count) else {
      preconditionFailure("libcrypto has no HKDF")
    }
    return output
  }
}
