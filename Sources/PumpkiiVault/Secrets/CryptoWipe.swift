internal import CPumpkiiOpenSSL

/// Overwriting and comparing bytes that are secret.
package enum CryptoWipe {
  /// Overwrites `bytes` with zeros and keeps their number. An array that shares its storage is left alone and this one
  /// gets storage of its own, so wipe before anything else holds the array.
  package static func wipe(_ bytes: inout [UInt8]) {
    unsafe bytes.withUnsafeMutableBytes { unsafe pumpkii_cleanse($0.baseAddress, $0.count) }
  }

  /// Whether both hold the same bytes, in a time that does not depend on where they differ.
  package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    guard !left.isEmpty else { return true }
    return unsafe pumpkii_equal(left, right, left.count) == 1
  }

  static func equal(_ left: SecretBytes, _ right: SecretBytes) -> Bool {
    unsafe left.withUnsafeBytes { left in
      unsafe right.withUnsafeBytes { right in
        guard left.count == right.count, let first = unsafe left.bindMemory(to: UInt8.self).baseAddress,
          let second = unsafe right.bindMemory(to: UInt8.self).baseAddress
        else { return left.count == right.count }
        return unsafe pumpkii_equal(first, second, left.count) == 1
      }
    }
  }
}
