internal import PumpkiiWire

/// The key and salt of one KID (RFC 9605 §4.4.2): what a segment is sealed with, and all that is needed to open it.
package struct SFrameKeys: Sendable {
  /// The suite the keys are for.
  package let suite: SFrameSuite
  /// The KID they belong to.
  package let kid: UInt64
  /// `sframe_key`.
  package let key: SecretBytes
  /// `sframe_salt`.
  package let salt: SecretBytes

  /// Derives both from a base key.
  /// - Throws: ``VaultError`` `malformed`, which does not happen with these lengths.
  package init(suite: SFrameSuite = .aes256GCMSHA512, baseKey: SecretBytes, kid: UInt64) throws(VaultError) {
    self.suite = suite
    self.kid = kid
    var context = ByteWriter()
    context.write(kid)
    context.write(suite.rawValue)
    key = try KeyDerivation.hkdf(
      suite.hash, secret: baseKey, info: Array("SFrame 1.0 Secret key ".utf8) + context.bytes,
      count: suite.keyByteCount)
    salt = try KeyDerivation.hkdf(
      suite.hash, secret: baseKey, info: Array("SFrame 1.0 Secret salt ".utf8) + context.bytes,
      count: SFrameSuite.nonceByteCount)
  }

  /// The keys of one segment, as somebody who may have only that one was given them.
  package init(suite: SFrameSuite = .aes256GCMSHA512, kid: UInt64, key: SecretBytes, salt: SecretBytes) {
    self.suite = suite
    self.kid = kid
    self.key = key
    self.salt = salt
  }

  /// The salt XOR the counter, big endian, given to `body` and gone afterwards.
  func withNonce<Result>(_ counter: UInt64, _ body: (UnsafeMutablePointer<UInt8>) -> Result) -> Result {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: SFrameSuite.nonceByteCount) { nonce in
      unsafe salt.withUnsafeBytes { salt in
        precondition(salt.count == SFrameSuite.nonceByteCount, "a salt has twelve bytes")
        for place in 0..<SFrameSuite.nonceByteCount {
          let shift = UInt64(SFrameSuite.nonceByteCount - 1 - place) * 8
          let octet = shift < 64 ? UInt8(truncatingIfNeeded: counter >> shift) : 0
          unsafe nonce[place] = unsafe salt[place] ^ octet
        }
      }
      // The allocation has twelve bytes, so its address is there.
      return unsafe body(nonce.baseAddress!)
    }
  }
}
