internal import CPumpkiiOpenSSL
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

/// The bare cipher and the vault, over rings of buffers so that no frame is always the same hot memory.
@safe final class SealContenders {
  private static let ring = 32
  private let size: Int
  private let plaintexts: [MediaPlaintext]
  private var buffers: [[UInt8]]
  private var objects: [[UInt8]]
  private let bare: OpaquePointer
  private var epoch: Epoch
  private var sealer: SegmentSealer?
  private var turn = 0

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

  /// Nothing but EVP_EncryptUpdate, in place.
  func update(_ count: Int) -> Int {
    unsafe pumpkii_gcm_begin(bare, SystemRandom.bytes(12))
    for _ in 0..<count {
      turn = (turn + 1) % Self.ring
      unsafe buffers[turn].withUnsafeMutableBufferPointer {
        unsafe _ = pumpkii_gcm_update(bare, $0.baseAddress, $0.baseAddress, size)
      }
    }
    return count * size
  }

  /// A whole object without digest and signature.
  func seal(_ count: Int) throws -> Int {
    for _ in 0..<count {
      try renew()
      turn = (turn + 1) % Self.ring
      if let made = try sealer?.dangerouslySealUnsigned(plaintexts[turn], padding: .none) { objects[turn] = made }
    }
    return count * size
  }

  /// A whole object.
  func sealAndSign(_ count: Int) throws -> Int {
    for _ in 0..<count {
      try renew()
      turn = (turn + 1) % Self.ring
      if let made = try sealer?.seal(plaintexts[turn], padding: .none) { objects[turn] = made.bytes }
    }
    return count * size
  }

  /// A segment is ten seconds at 30 frames; its key schedule is part of the price.
  private func renew() throws {
    if let index = sealer?.nextIndex, index < 300 { return }
    sealer = try epoch.nextSegment(track: Track(.video))
    let start = MediaPlaintext(captureTime: 1, duration: 0, kind: .initialization, payload: [])
    _ = try sealer?.dangerouslySealUnsigned(start, flags: .initialization, padding: .none)
  }
}
