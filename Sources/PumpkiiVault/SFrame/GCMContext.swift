internal import CPumpkiiOpenSSL

/// A libcrypto AES-GCM context: the key is set once, each message only sets its nonce.
///
/// `@unchecked Sendable` holds because the value cannot be copied: whoever has it is the only one who has it.
@safe package struct GCMContext: ~Copyable, @unchecked Sendable {
  private let handle: OpaquePointer

  /// A context that seals or opens with a key of 16, 24 or 32 bytes.
  /// - Throws: ``VaultError`` `broken` for another length, or when libcrypto has no context to give.
  package init(key: SecretBytes, seals: Bool) throws(VaultError) {
    let made = unsafe key.withUnsafeBytes {
      unsafe pumpkii_gcm_new($0.bindMemory(to: UInt8.self).baseAddress, $0.count, seals ? 1 : 0)
    }
    guard let made = unsafe made else { throw VaultError(.broken, "AES-GCM context") }
    unsafe handle = made
  }

  deinit { unsafe pumpkii_gcm_free(handle) }

  /// Begins a message; `false` ends it for good, as for the calls below.
  borrowing func begin(_ keys: SFrameKeys, _ counter: UInt64) -> Bool {
    unsafe keys.salt.withUnsafeBytes {
      unsafe pumpkii_gcm_begin(handle, $0.bindMemory(to: UInt8.self).baseAddress, counter)
    } == 1
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

  /// Head, payload and zeros of an object, encrypted to `output`, and the tag behind them. The payload is read from
  /// where it lies.
  borrowing func seal(
    _ keys: SFrameKeys, _ counter: UInt64, aad: [UInt8], head: [UInt8], payload: [UInt8],
    to output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    // The caller has made room for a tag at least.
    let start = unsafe output.baseAddress!.assumingMemoryBound(to: UInt8.self)
    return unsafe keys.salt.withUnsafeBytes {
      unsafe pumpkii_gcm_seal(
        handle, $0.bindMemory(to: UInt8.self).baseAddress, counter, aad, aad.count, head, head.count, payload,
        payload.count, start, output.count - SFrameSuite.tagByteCount)
    } == 1
  }

  /// Ciphertext and tag of a whole message, nil when libcrypto fails. The nonce is the keys' salt XOR the counter.
  package borrowing func seal(_ plaintext: [UInt8], _ keys: SFrameKeys, _ counter: UInt64, aad: [UInt8]) -> [UInt8]? {
    var bytes = plaintext + [UInt8](repeating: 0, count: SFrameSuite.tagByteCount)
    let isSealed = unsafe bytes.withUnsafeMutableBytes { bytes in
      // The tag alone makes the memory non-empty.
      let start = bytes.baseAddress!
      let body = unsafe UnsafeRawBufferPointer(rebasing: bytes[..<plaintext.count])
      return unsafe begin(keys, counter) && associate(aad) && update(body, to: start)
        && finish(tag: start + plaintext.count)
    }
    return isSealed ? bytes : nil
  }

  /// The plaintext of a whole message, nil when its tag is wrong. Nothing is given out before the tag is checked.
  package borrowing func open(
    _ sealed: ArraySlice<UInt8>, _ keys: SFrameKeys, _ counter: UInt64, aad: [UInt8]
  ) -> [UInt8]? {
    let count = sealed.count - SFrameSuite.tagByteCount
    guard count >= 0 else { return nil }
    var isRight = false
    let plaintext = unsafe [UInt8](unsafeUninitializedCapacity: max(count, 1)) { output, written in
      // One byte at least was asked for, and a tag at least is there.
      let start = UnsafeMutableRawPointer(output.baseAddress!)
      unsafe sealed.withUnsafeBytes { sealed in
        let body = unsafe UnsafeRawBufferPointer(rebasing: sealed[..<count])
        let tag = unsafe (sealed.baseAddress! + count).assumingMemoryBound(to: UInt8.self)
        isRight =
          unsafe begin(keys, counter) && associate(aad) && update(body, to: start)
          && pumpkii_gcm_check(handle, tag) == 1
      }
      if isRight { written = count } else { unsafe pumpkii_cleanse(start, count) }
    }
    return isRight ? plaintext : nil
  }
}
