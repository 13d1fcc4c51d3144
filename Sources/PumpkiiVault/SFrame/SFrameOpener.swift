package import PumpkiiWire
internal import Synchronization

/// Opens what was sealed under one KID. It keeps no state between objects, so it may be shared; what was seen before is
/// the affair of a ``PlaybackSession``.
package final class SFrameOpener: Sendable {
  /// The keys it opens with.
  package let keys: SFrameKeys
  private let context: Mutex<GCMContext>

  /// - Throws: ``VaultError`` `broken` when libcrypto has no context to give.
  package init(keys: SFrameKeys) throws(VaultError) {
    self.keys = keys
    context = Mutex(try GCMContext(key: keys.key, seals: false))
  }

  /// Header and plaintext of a whole SFrame ciphertext.
  /// - Throws: ``VaultError`` `malformed`, `kidMismatch` or `badTag`.
  package func open(
    _ bytes: ArraySlice<UInt8>, metadata: [UInt8]
  ) throws(VaultError) -> (header: SFrameHeader, plaintext: [UInt8]) {
    let header = try Self.header(bytes)
    guard header.kid == keys.kid else { throw VaultError(.kidMismatch, "SFrame KID") }
    guard bytes.count >= header.byteCount + SFrameSuite.tagByteCount else {
      throw VaultError(WireError(.truncated, "SFrame tag"))
    }
    let aad = bytes.prefix(header.byteCount) + metadata
    let plaintext = context.withLock { context in
      context.open(bytes.dropFirst(header.byteCount), keys, header.ctr, aad: Array(aad))
    }
    guard let plaintext else { throw VaultError(.badTag, "SFrame") }
    return (header, plaintext)
  }

  /// Reads the header alone.
  /// - Throws: ``VaultError`` `malformed`.
  package static func header(_ bytes: ArraySlice<UInt8>) throws(VaultError) -> SFrameHeader {
    do throws(WireError) {
      var reader = ByteReader(bytes)
      return try SFrameHeader(&reader)
    } catch { throw VaultError(error) }
  }
}
