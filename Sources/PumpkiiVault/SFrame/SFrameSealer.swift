internal import PumpkiiWire

/// Seals under one KID: owns the counter, so that a counter is used once and never twice. Move-only; a process that
/// wants to seal after a restart needs a new base key.
package struct SFrameSealer: ~Copyable, Sendable {
  let keys: SFrameKeys
  private let context: GCMContext
  /// The counter of the next object; nil when none is left or a call failed half way.
  private(set) var counter: UInt64?
  private let limit: UInt64

  /// - Parameters:
  ///   - first: the first counter. Not 0 in vectors only.
  ///   - limit: the first counter that is not allowed any more.
  /// - Throws: ``VaultError`` `broken` when libcrypto has no context to give.
  package init(keys: SFrameKeys, first: UInt64 = 0, limit: UInt64 = .max) throws(VaultError) {
    self.keys = keys
    context = try GCMContext(key: keys.key, seals: true)
    self.limit = limit
    counter = first < limit ? first : nil
  }

  /// Takes the next counter for good: whatever happens afterwards, it is used up.
  mutating func takeCounter() throws(VaultError) -> UInt64 {
    guard let taken = counter else { throw VaultError(.counterExhausted, "no counter is left under this KID") }
    counter = taken + 1 < limit ? taken + 1 : nil
    return taken
  }

  /// A failure half way leaves the counter's fate unknown, so the sealer ends with it.
  mutating func retire() { counter = nil }

  /// Encrypts an object's head, payload and padding under a counter that was taken, with the tag behind them.
  borrowing func seal(
    _ counter: UInt64, aad: [UInt8], head: [UInt8], payload: [UInt8], to output: UnsafeMutableRawBufferPointer
  ) -> Bool {
    unsafe context.seal(keys, counter, aad: aad, head: head, payload: payload, to: output)
  }

  /// A whole SFrame ciphertext: header ‖ encrypted plaintext ‖ tag.
  /// - Throws: ``VaultError`` `counterExhausted` or `broken`.
  package mutating func seal(_ plaintext: [UInt8], metadata: [UInt8]) throws(VaultError) -> [UInt8] {
    let counter = try takeCounter()
    let header = SFrameHeader(kid: keys.kid, ctr: counter).bytes
    guard let body = context.seal(plaintext, keys, counter, aad: header + metadata) else {
      retire()
      throw VaultError(.broken, "AES-GCM")
    }
    return header + body
  }
}
