internal import PumpkiiWire

/// The bytes around an object's ciphertext. Nearly all of them are the same for a whole segment, so they are written
/// once and only flags, index, length and CTR change from object to object: no allocation on the way of a frame.
struct ObjectTemplate: Sendable {
  /// Object header and SFrame header; what stands after ``clearCount`` is left from earlier.
  private(set) var clear: [UInt8]
  /// How much of ``clear`` counts.
  private(set) var clearCount: Int
  /// What the AAD holds after the SFrame header.
  private(set) var metadata: [UInt8]
  /// Where the config octet of the SFrame header stands.
  private static let config = ObjectHeader.byteCount
  /// Bytes of the label before the clear bytes in ``metadata``.
  private let labelCount: Int
  /// Bytes of the SFrame header without its CTR.
  private let frameCount: Int

  init(_ kid: SegmentKID, device: DeviceID, uid: EpochUID) {
    let header = ObjectHeader(
      flags: [], mediaClass: kid.track.mediaClass, device: device, kid: kid, index: 0, length: 0)
    let frame = SFrameHeader(kid: kid.rawValue, ctr: 0).bytes
    metadata = KeySchedule.metadata(clear: header.bytes, uid: uid)
    labelCount = metadata.count - ObjectHeader.authenticatedByteCount - uid.bytes.count
    frameCount = frame.count
    clear = header.bytes + frame + [UInt8](repeating: 0, count: 4)
    clearCount = ObjectHeader.byteCount + frame.count
  }

  /// Bytes of the SFrame header with this CTR (RFC 9605 §4.3: no longer than it need be).
  func frameByteCount(_ index: UInt32) -> Int { frameCount + Self.counterByteCount(index) }

  mutating func set(flags: ObjectHeader.Flags, index: UInt32, length: UInt32) {
    clear[2] = flags.rawValue
    metadata[labelCount + 2] = flags.rawValue
    for place in 0..<4 {
      let shift = UInt32(24 - 8 * place)
      let octet = UInt8(truncatingIfNeeded: index >> shift)
      clear[28 + place] = octet
      metadata[labelCount + 28 + place] = octet
      clear[32 + place] = UInt8(truncatingIfNeeded: length >> shift)
    }
    let count = Self.counterByteCount(index)
    clear[Self.config] = clear[Self.config] & 0xf0 | (count == 0 ? UInt8(index) : 8 | UInt8(count - 1))
    for place in 0..<count {
      let octet = UInt8(truncatingIfNeeded: index >> UInt32(8 * (count - 1 - place)))
      clear[Self.config + frameCount + place] = octet
    }
    clearCount = Self.config + frameCount + count
  }

  private static func counterByteCount(_ index: UInt32) -> Int {
    index < 8 ? 0 : (39 - index.leadingZeroBitCount) / 8
  }
}
