/// Reads a NAL unit's payload bit by bit, the emulation prevention bytes taken out. Past the end it throws.
package struct BitReader {
  private let bytes: [UInt8]
  private var at = 0

  /// - Parameter limit: bytes of the unit to look at; a slice's head is short.
  package init(unit: ArraySlice<UInt8>, limit: Int = 4096) {
    var plain: [UInt8] = []
    var zeros = 0
    for byte in unit.dropFirst().prefix(limit) {
      if zeros >= 2, byte == 3 {
        zeros = 0
        continue
      }
      zeros = byte == 0 ? zeros + 1 : 0
      plain.append(byte)
    }
    bytes = plain
  }

  /// u(1).
  /// - Throws: ``MediaError`` `badPicture` past the end.
  package mutating func bit() throws(MediaError) -> Bool {
    guard at < bytes.count * 8 else {
      throw MediaError(.badPicture, "an H.264 head is cut short", advice: "The frame is left out.")
    }
    defer { at += 1 }
    return bytes[at / 8] >> UInt8(7 - at % 8) & 1 == 1
  }

  /// u(n).
  /// - Throws: ``MediaError`` `badPicture` past the end.
  package mutating func bits(_ count: Int) throws(MediaError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<count { value = value << 1 | (try bit() ? 1 : 0) }
    return value
  }

  mutating func skip(_ count: Int) throws(MediaError) {
    for _ in 0..<count { _ = try bit() }
  }

  /// ue(v).
  mutating func unsigned() throws(MediaError) -> UInt32 {
    var zeros = 0
    while try !bit() {
      zeros += 1
      guard zeros <= 31 else {
        throw MediaError(.badPicture, "an H.264 head is damaged", advice: "The frame is left out.")
      }
    }
    return (1 << UInt32(zeros)) - 1 + (try bits(zeros))
  }

  /// ue(v) of at most `limit`.
  mutating func unsigned(atMost limit: UInt32) throws(MediaError) -> Int {
    let value = try unsigned()
    guard value <= limit else {
      throw MediaError(.badPicture, "an H.264 head is damaged", advice: "The frame is left out.")
    }
    return Int(value)
  }

  /// se(v).
  mutating func signed() throws(MediaError) -> Int {
    let value = Int(try unsigned())
    return value & 1 == 1 ? (value + 1) / 2 : -(value / 2)
  }
}
