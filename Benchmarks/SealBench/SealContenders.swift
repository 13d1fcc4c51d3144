internal import CPumpkiiOpenSSL
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

/// The bare cipher and the vault, over rings of buffers so that no frame is always the same hot memory.
@safe final class SealContenders {
  private static let ring = 32
  /// A segment is ten seconds at 30 frames; its key schedule and init are part of the price.
  private static let segment = 300
  private let size: Int
  private let plaintexts: [MediaPlaintext]
  private var buffers: [[UInt8]]
  private var objects: [[UInt8]]
  private let bare: OpaquePointer
  private var epoch: Epoch

  init(size: Int) throws {
    self.size = size
    plaintexts = (0..<Self.ring).map {
      MediaPlaintext(
        captureTime: 1, duration: 40_000, kind: .chunk, payload: .init(repeating: UInt8($0), count: size))
    }
    buffers = (0..<Self.ring).map { .init(repeating: UInt8($0), count: size) }
    objects = buffers
    // A benchmark without a cipher has nothing to measure.
    unsafe bare = pumpkii_gcm_new(SystemRandom.bytes(32), 32, 1)!
    epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: 300), identity: SigningIdentity())
  }

  deinit { unsafe pumpkii_gcm_free(bare) }

  /// Nothing but EVP_EncryptUpdate, from the frame to where it is sent from: the memory that sealing touches too.
  func update(_ count: Int) -> Int {
    unsafe pumpkii_gcm_begin(bare, SystemRandom.bytes(12), 0)
    for turn in 0..<count {
      let place = turn % Self.ring
      unsafe buffers[place].withUnsafeMutableBufferPointer {
        unsafe _ = pumpkii_gcm_update(bare, plaintexts[place].payload, $0.baseAddress, size)
      }
    }
    return count * size
  }

  /// Nothing but EVP_EncryptUpdate, in place: half the memory.
  func updateInPlace(_ count: Int) -> Int {
    unsafe pumpkii_gcm_begin(bare, SystemRandom.bytes(12), 0)
    for turn in 0..<count {
      unsafe buffers[turn % Self.ring].withUnsafeMutableBufferPointer {
        unsafe _ = pumpkii_gcm_update(bare, $0.baseAddress, $0.baseAddress, size)
      }
    }
    return count * size
  }

  /// Whole objects without digest and signature.
  func seal(_ count: Int) throws -> Int {
    // What is made is kept for a round of the ring, as an outbox would; in a local, whose access needs no checks.
    var kept = objects
    objects = []
    defer { objects = kept }
    for start in stride(from: 0, to: count, by: Self.segment) {
      var sealer = try segment()
      for turn in start..<min(start + Self.segment, count) {
        let place = turn % Self.ring
        kept[place] = try sealer.dangerouslySealUnsigned(plaintexts[place], padding: .none)
      }
    }
    return count * size
  }

  /// Whole objects.
  func sealAndSign(_ count: Int) throws -> Int {
    var kept = objects
    objects = []
    defer { objects = kept }
    for start in stride(from: 0, to: count, by: Self.segment) {
      var sealer = try segment()
      for turn in start..<min(start + Self.segment, count) {
        let place = turn % Self.ring
        kept[place] = try sealer.seal(plaintexts[place], padding: .none).bytes
      }
    }
    return count * size
  }

  private func segment() throws -> SegmentSealer {
    var sealer = try epoch.nextSegment(track: Track(.video))
    let start = MediaPlaintext(captureTime: 1, duration: 0, kind: .initialization, payload: [])
    _ = try sealer.dangerouslySealUnsigned(start, flags: .initialization, padding: .none)
    return sealer
  }
}
