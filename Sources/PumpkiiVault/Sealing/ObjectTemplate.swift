internal import PumpkiiWire

/// The bytes around an object's payload. Nearly all of them are the same for a whole segment, so they are written once
/// and only what differs from object to object is set: no allocation on the way of a frame.
struct ObjectTemplate: Sendable {
  /// What the AAD holds: the SFrame header and the metadata.
  private(set) var aad: [UInt8]
  /// The head of the plaintext.
  private(set) var head = [UInt8](repeating: 0, count: MediaPlaintext.headByteCount)
  private var header: [UInt8]
  private var frameCount: Int
  /// Bytes of the SFrame header without its CTR.
  private let fixedFrameCount: Int
  /// Bytes of the label before the object header in the metadata.
  private let labelCount: Int

  init(_ kid: SegmentKID, device: DeviceID, uid: EpochUID) {
    let clear = ObjectHeader(
      flags: [], mediaClass: kid.track.mediaClass, device: device, kid: kid, index: 0, length: 0)
    let frame = SFrameHeader(kid: kid.rawValue, ctr: 0).bytes
    let metadata = KeySchedule.metadata(clear: clear.bytes, uid: uid)
    header = clear.bytes
    aad = frame + metadata
    frameCount = frame.count
    fixedFrameCount = frame.count
    labelCount = metadata.count - ObjectHeader.authenticatedByteCount - uid.bytes.count
  }

  /// Bytes of object header and SFrame header together.
  var clearCount: Int { header.count + frameCount }

  /// Bytes of the SFrame header with this CTR (RFC 9605 §4.3: no longer than it need be).
  func frameByteCount(_ index: UInt32) -> Int { fixedFrameCount + Self.counterByteCount(index) }

  /// Writes object header and SFrame header to the front of an object.
  func copyClear(to object: UnsafeMutableRawBufferPointer) {
    unsafe object.copyBytes(from: header)
    let frame = unsafe UnsafeMutableRawBufferPointer(rebasing: object[header.count..<header.count + frameCount])
    unsafe aad.withUnsafeBytes { unsafe frame.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<frameCount])) }
  }

  mutating func set(flags: ObjectHeader.Flags, index: UInt32, length: UInt32, _ plaintext: MediaPlaintext) {
    setFrame(index)
    let metadata = frameCount + labelCount
    header[2] = flags.rawValue
    aad[metadata + 2] = flags.rawValue
    for place in 0..<4 {
      let octet = UInt8(truncatingIfNeeded: index >> UInt32(24 - 8 * place))
      header[28 + place] = octet
      aad[metadata + 28 + place] = octet
    }
    Self.write(length, 4, to: &header, at: 32)
    Self.write(UInt32(plaintext.payload.count), 4, to: &head, at: 0)
    Self.write(plaintext.captureTime, 8, to: &head, at: 4)
    Self.write(plaintext.duration, 4, to: &head, at: 12)
    head[16] = plaintext.kind.rawValue
  }

  /// The config octet's CTR half and the CTR. The header grows three times in a long segment.
  private mutating func setFrame(_ index: UInt32) {
    let count = Self.counterByteCount(index)
    if fixedFrameCount + count != frameCount {
      aad.replaceSubrange(fixedFrameCount..<frameCount, with: repeatElement(0, count: count))
      frameCount = fixedFrameCount + count
    }
    aad[0] = aad[0] & 0xf0 | (count == 0 ? UInt8(index) : 8 | UInt8(count - 1))
    Self.write(index, count, to: &aad, at: fixedFrameCount)
  }

  private static func write(_ value: UInt32, _ count: Int, to bytes: inout [UInt8], at start: Int) {
    write(UInt64(value), count, to: &bytes, at: start)
  }

  private static func write(_ value: UInt64, _ count: Int, to bytes: inout [UInt8], at start: Int) {
    for place in 0..<count {
      bytes[start + place] = UInt8(truncatingIfNeeded: value >> UInt64(8 * (count - 1 - place)))
    }
  }

  private static func counterByteCount(_ index: UInt32) -> Int {
    index < 8 ? 0 : (39 - index.leadingZeroBitCount) / 8
  }
}
