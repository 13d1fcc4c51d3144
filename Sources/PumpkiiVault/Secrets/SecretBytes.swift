internal import CPumpkiiOpenSSL
internal import PumpkiiSystem

/// Key material in memory of its own, overwritten before it is given back. It is never copied by the language, only
/// referred to, so the last owner's release is the wipe.
///
/// `@unchecked Sendable` holds because the bytes do not change between `init` and `deinit`.
@safe package final class SecretBytes: @unchecked Sendable {
  private let memory: UnsafeMutableRawBufferPointer
  /// Never touches the bytes, which are wiped by then, but gives their memory back.
  private let release: @Sendable (UnsafeMutableRawBufferPointer) -> Void

  /// How many bytes it holds.
  package var count: Int { unsafe memory.count }

  /// Fills `count` bytes of new memory by `fill`.
  init(count: Int, filledBy fill: (UnsafeMutableRawBufferPointer) -> Void) {
    unsafe memory = .allocate(byteCount: count, alignment: 16)
    unsafe release = { unsafe $0.deallocate() }
    unsafe fill(memory)
  }

  /// Takes over memory that already holds a secret; `release` is called once it is wiped.
  package init(
    owned memory: UnsafeMutableRawBufferPointer, release: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Void
  ) {
    unsafe self.memory = memory
    unsafe self.release = release
  }

  /// A copy of `bytes`; wiping the original is the caller's affair.
  package convenience init(_ bytes: [UInt8]) {
    unsafe self.init(count: bytes.count) { unsafe $0.copyBytes(from: bytes) }
  }

  /// Takes `bytes` over and wipes them where they were.
  package convenience init(takingAndWiping bytes: inout [UInt8]) {
    self.init(bytes)
    CryptoWipe.wipe(&bytes)
  }

  /// `count` unpredictable bytes of the kernel.
  package convenience init(randomCount count: Int) {
    var bytes = SystemRandom.bytes(count)
    self.init(takingAndWiping: &bytes)
  }

  deinit {
    unsafe pumpkii_cleanse(memory.baseAddress, memory.count)
    unsafe release(memory)
  }

  /// The bytes, for the time of `body`.
  /// - Throws: what `body` throws.
  package func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    try unsafe body(UnsafeRawBufferPointer(memory))
  }

  /// A plain copy that nobody wipes: for encodings that are themselves files of secrets, and for tests.
  package var exposed: [UInt8] { unsafe withUnsafeBytes { unsafe Array($0) } }

  /// Whether both hold the same bytes, in a time that does not depend on where they differ.
  package func equals(_ other: SecretBytes) -> Bool {
    CryptoWipe.equal(self, other)
  }
}
