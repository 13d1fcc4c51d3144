internal import CPumpkiiOpenSSL

/// A libcrypto AES-GCM context: the key is set once, each message only sets its nonce.
///
/// `@unchecked Sendable` holds because the value cannot be copied: whoever has it is the only one who has it.
@safe struct GCMContext: ~Copyable, @unchecked Sendable {
  private let handle: OpaquePointer

  init(key: SecretBytes, seals: Bool) throws(VaultError) {
    let made = unsafe key.withUnsafeBytes {
      unsafe pumpkii_gcm_new($0.bindMemory(to: UInt8.self).baseAddress, $0.count, seals ? 1 : 0)
    }
    guard let made = unsafe made else { throw VaultError(.broken, "AES-GCM context") }
    unsafe handle = made
  }

  deinit { unsafe pumpkii_gcm_free(handle) }

  /// Begins a message; `false` ends it for good, as for the calls below.
  borrowing func begin(_ keys: SFrameKeys, _ counter: UInt64) -> Bool {
    unsafe keys.withNonce(counter) { unsafe pumpkii_gcm_begin(handle, $0) } == 1
  }

  borrowing func associate(_ bytes: UnsafeRawBufferPointer) -> Bool {
    unsafe pumpkii_gcm_associate(handle, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count) == 1
  }

  borrowing func associate(_ bytes: [UInt8]) -> Bool { unsafe pumpkii_gcm_associate(handle, bytes, bytes.count) == 1 }

  /// Encrypts or decrypts `input` to the memory at `output`, which may be the same.
  borrowing func update(_ input: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer) -> Bool {
    unsafe pumpkii_gcm_update(
      handle, input.bindMemory(to: UInt8.self).baseAddress, output.assumingMemoryBound(to: UInt8.self), input.count)
      == 1
  }

  borrowing func finish(tag: UnsafeMutableRawPointer) -> Bool {
    unsafe pumpkii_gcm_finish(handle, tag.assumingMemoryBound(to: UInt8.self)) == 1
  }

  borrowing func check(tag: UnsafeRawPointer) -> Bool {
    unsafe pumpkii_gcm_check(handle, tag.assumingMemoryBound(to: UInt8.self)) == 1
  }
}
