/// What is burnt into a picture: which frame it is and when it was taken, in the device's own time.
public struct FrameMark: Sendable, Hashable {
  /// The frame's number since the camera was opened.
  public var number: UInt32
  /// Milliseconds since the device's first sensor was opened; the sound's beeps are at its full seconds.
  public var milliseconds: UInt32
  /// Whether the privacy shutter was closed: then nothing is burnt into anything, the picture is black.
  public var isShut: Bool

  /// A mark of its parts.
  public init(number: UInt32, milliseconds: UInt32, isShut: Bool = false) {
    self.number = number
    self.milliseconds = milliseconds
    self.isShut = isShut
  }

  /// 80 bits, most significant first: number, milliseconds, checksum.
  var bits: [Bool] {
    var bits: [Bool] = []
    bits.reserveCapacity(BlockCode.payloadBits)
    for shift in (0..<32).reversed() { bits.append(number >> UInt32(shift) & 1 == 1) }
    for shift in (0..<32).reversed() { bits.append(milliseconds >> UInt32(shift) & 1 == 1) }
    let sum = checksum
    for shift in (0..<16).reversed() { bits.append(sum >> UInt16(shift) & 1 == 1) }
    return bits
  }

  /// Nil when the checksum disagrees.
  init?(bits: [Bool]) {
    guard bits.count == BlockCode.payloadBits else { return nil }
    func word(_ range: Range<Int>) -> UInt32 { bits[range].reduce(0) { $0 << 1 | ($1 ? 1 : 0) } }
    self.init(number: word(0..<32), milliseconds: word(32..<64))
    guard word(64..<80) == UInt32(checksum) else { return nil }
  }

  /// CRC-16/CCITT with a start that is not zero, so that a blank picture is no mark.
  private var checksum: UInt16 {
    var sum: UInt16 = 0xFFFF
    for word in [number, milliseconds] {
      for shift in [24, 16, 8, 0] as [UInt32] {
        sum ^= UInt16(truncatingIfNeeded: word >> shift & 0xFF) << 8
        for _ in 0..<8 { sum = sum & 0x8000 != 0 ? sum << 1 ^ 0x1021 : sum << 1 }
      }
    }
    return sum
  }
}
