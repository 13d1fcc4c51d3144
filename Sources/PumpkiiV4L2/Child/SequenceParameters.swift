package import PumpkiiCapture

/// What a sequence parameter set of H.264 (7.3.2.1.1) says of the picture.
package struct SequenceParameters: Equatable, Sendable {
  /// Pixels, without what is cropped.
  package private(set) var width: Int
  /// Pixels, without what is cropped.
  package private(set) var height: Int
  /// 1:1 where it does not say.
  package private(set) var sampleAspect = VideoFormat.Ratio(1)
  /// True for 0–255.
  package private(set) var fullRange = false

  /// The first one in an access unit; nil where there is none that can be read.
  package init?(unit: [UInt8]) {
    guard let body = Self.body(in: unit) else { return nil }
    var bits = ParameterBits(body)
    let profile = bits.read(8)
    bits.skip(16)
    _ = bits.golomb()
    var chroma = 1
    if [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135].contains(profile) {
      chroma = Self.skipHighProfile(&bits)
    }
    Self.skipOrder(&bits)
    _ = bits.golomb()
    bits.skip(1)
    let columns = bits.golomb() + 1
    let rows = bits.golomb() + 1
    let isProgressive = bits.flag()
    if !isProgressive { bits.skip(1) }
    bits.skip(1)
    let crop = bits.flag() ? (0..<4).map { _ in bits.golomb() } : [0, 0, 0, 0]
    let across = chroma == 1 || chroma == 2 ? 2 : 1
    let down = (chroma == 1 ? 2 : 1) * (isProgressive ? 1 : 2)
    guard !bits.isOver, columns <= 1024, rows <= 1024, crop.allSatisfy({ $0 < 1 << 14 }) else { return nil }
    width = columns * 16 - (crop[0] + crop[1]) * across
    height = rows * 16 * (isProgressive ? 1 : 2) - (crop[2] + crop[3]) * down
    guard width > 0, height > 0 else { return nil }
    if bits.flag() { readUsability(&bits) }
  }

  private mutating func readUsability(_ bits: inout ParameterBits) {
    if bits.flag() {
      let index = bits.read(8)
      let (across, down) = index == 255 ? (bits.read(16), bits.read(16)) : Self.aspect(index)
      if across > 0, down > 0, !bits.isOver { sampleAspect = VideoFormat.Ratio(UInt32(across), UInt32(down)) }
    }
    if bits.flag() { bits.skip(1) }
    guard bits.flag() else { return }
    bits.skip(3)
    fullRange = bits.flag() && !bits.isOver
  }

  /// Table E-1.
  private static func aspect(_ index: Int) -> (Int, Int) {
    let table = [
      (1, 1), (1, 1), (12, 11), (10, 11), (16, 11), (40, 33), (24, 11), (20, 11), (32, 11), (80, 33), (18, 11),
      (15, 11), (64, 33), (160, 99), (4, 3), (3, 2), (2, 1),
    ]
    return index < table.count ? table[index] : (1, 1)
  }

  private static func skipHighProfile(_ bits: inout ParameterBits) -> Int {
    let chroma = bits.golomb()
    if chroma == 3 { bits.skip(1) }
    _ = bits.golomb()
    _ = bits.golomb()
    bits.skip(1)
    guard bits.flag() else { return chroma }
    for list in 0..<(chroma == 3 ? 12 : 8) where bits.flag() { skipScaling(&bits, count: list < 6 ? 16 : 64) }
    return chroma
  }

  private static func skipScaling(_ bits: inout ParameterBits, count: Int) {
    var last = 8
    for _ in 0..<count where !bits.isOver {
      last = (last + bits.signedGolomb() + 256) & 0xFF
      if last == 0 { return }
    }
  }

  private static func skipOrder(_ bits: inout ParameterBits) {
    _ = bits.golomb()
    switch bits.golomb() {
    case 0: _ = bits.golomb()
    case 1:
      bits.skip(1)
      _ = bits.golomb()
      _ = bits.golomb()
      for _ in 0..<min(bits.golomb(), 255) { _ = bits.golomb() }
    default: break
    }
  }

  /// The bytes behind the header of the first unit of type 7, without emulation prevention.
  private static func body(in unit: [UInt8]) -> [UInt8]? {
    var offset = 0
    while offset + 3 < unit.count {
      if unit[offset] == 0, unit[offset + 1] == 0, unit[offset + 2] == 1, unit[offset + 3] & 0x1F == 7 {
        return plain(unit[(offset + 4)...].prefix(256))
      }
      offset += 1
    }
    return nil
  }

  private static func plain(_ coded: ArraySlice<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var zeros = 0
    for byte in coded {
      if zeros >= 2, byte == 3 {
        zeros = 0
        continue
      }
      if zeros >= 2, byte < 3 { break }
      zeros = byte == 0 ? zeros + 1 : 0
      bytes.append(byte)
    }
    return bytes
  }
}

/// Reads bits from the front; zeros behind the end, where ``isOver`` tells.
struct ParameterBits {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isOver: Bool { position > bytes.count * 8 }

  mutating func read(_ count: Int) -> Int {
    (0..<count).reduce(0) { value, _ in value << 1 | (flag() ? 1 : 0) }
  }

  mutating func skip(_ count: Int) { position += count }

  mutating func flag() -> Bool {
    defer { position += 1 }
    guard position < bytes.count * 8 else { return false }
    return bytes[position >> 3] >> UInt8(7 - position & 7) & 1 == 1
  }

  mutating func golomb() -> Int {
    var zeros = 0
    while !isOver, zeros < 31, !flag() { zeros += 1 }
    return (1 << zeros) - 1 + read(zeros)
  }

  mutating func signedGolomb() -> Int {
    let code = golomb()
    return code & 1 == 1 ? (code + 1) / 2 : -(code / 2)
  }
}
