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
    precondition(salt.count == SFrameSuite.nonceByteCount, "a salt has twelve bytes")
    self.suite = suite
    self.kid = kid
    self.key = key
    self.salt = salt
  }
}
