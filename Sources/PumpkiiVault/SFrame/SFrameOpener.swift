internal import CPumpkiiOpenSSL
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

  /// Header and plaintext of a whole SFrame ciphertext. Nothing of the plaintext is given out before its tag is right.
  /// - Throws: ``VaultError`` `malformed`, `kidMismatch` or `badTag`.
  package func open(
    _ bytes: ArraySlice<UInt8>, metadata: [UInt8]
  ) throws(VaultError) -> (header: SFrameHeader, plaintext: [UInt8]) {
    let header = try Self.header(bytes)
    guard header.kid == keys.kid else { throw VaultError(.kidMismatch, "SFrame KID") }
    let headerCount = header.byteCount
    let count = bytes.count - headerCount - SFrameSuite.tagByteCount
    guard count >= 0 else { throw VaultError(WireError(.truncated, "SFrame tag")) }
    var isRight = false
    let plaintext = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { output, written in
      // One byte at least was asked for, so the address is there.
      let start = unsafe UnsafeMutableRawPointer(output.baseAddress!)
      isRight = bytes.withUnsafeBytes {
        unsafe decrypt($0, headerCount, count, header.ctr, metadata, to: start)
      }
      if isRight { written = count } else { unsafe pumpkii_cleanse(start, count) }
    }
    guard isRight else { throw VaultError(.badTag, "SFrame") }
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

  private func decrypt(
    _ bytes: UnsafeRawBufferPointer, _ headerCount: Int, _ count: Int, _ counter: UInt64, _ metadata: [UInt8],
    to output: UnsafeMutableRawPointer
  ) -> Bool {
    let header = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<headerCount])
    let body = unsafe UnsafeRawBufferPointer(rebasing: bytes[headerCount..<headerCount + count])
    // The caller has checked that a header and a tag are there.
    let tag = unsafe bytes.baseAddress! + headerCount + count
    return context.withLock { context in
      unsafe context.begin(keys, counter) && context.associate(header) && context.associate(metadata)
        && context.update(body, to: output) && context.check(tag: tag)
    }
  }
}
