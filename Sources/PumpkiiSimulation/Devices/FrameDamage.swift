/// What faults do to a frame's bytes.
enum FrameDamage {
  static func apply(_ fault: Fault.Kind, to bytes: [UInt8]) -> [UInt8] {
    switch fault {
    case .truncate: return Array(bytes.prefix(bytes.count * 3 / 5))
    case .empty: return []
    case .junk:
      let noise = SeededRandom(seed: UInt64(bytes.count), stream: 3)
      return bytes.indices.map { UInt8(truncatingIfNeeded: noise.bits(UInt64($0))) }
    case .noHuffman: return withoutTables(bytes)
    default: return bytes
    }
  }

  /// The JPEG without the DHT segments of its head; anything else as it is.
  private static func withoutTables(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: [0xFF, 0xD8]) else { return bytes }
    var kept = Array(bytes.prefix(2))
    var at = 2
    while at + 4 <= bytes.count, bytes[at] == 0xFF, bytes[at + 1] != 0xDA {
      let end = at + 2 + (Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
      guard end <= bytes.count else { break }
      if bytes[at + 1] != 0xC4 { kept += bytes[at..<end] }
      at = end
    }
    return kept + bytes[at...]
  }
}
