// Reading TZif. Whatever does not add up is refused as a whole: half a zone would be a wrong clock.
extension ZoneRules {
  /// The rules of a zone from the bytes of its file; nil when they are none.
  package init?(name: String, bytes: [UInt8]) {
    guard let first = TZifBlock(bytes, at: 0, timeSize: 4) else { return nil }
    guard first.version > 1 else {
      self.init(name: name, block: first, footer: nil)
      return
    }
    guard let second = TZifBlock(bytes, at: first.end, timeSize: 8) else { return nil }
    guard let text = Self.footerText(bytes, at: second.end) else { return nil }
    guard !text.isEmpty else {
      self.init(name: name, block: second, footer: nil)
      return
    }
    guard let footer = PosixZone(text) else { return nil }
    self.init(name: name, block: second, footer: footer)
  }

  private init(name: String, block: TZifBlock, footer: PosixZone?) {
    self.name = name
    transitions = block.transitions
    offsets = block.indices.map { block.offsets[Int($0)] }
    firstOffset = block.offsets[0]
    self.footer = footer
  }

  private static func footerText(_ bytes: [UInt8], at start: Int) -> [UInt8]? {
    guard start < bytes.count, bytes[start] == 0x0A else { return nil }
    let rest = bytes[(start + 1)...]
    guard let end = rest.firstIndex(of: 0x0A) else { return nil }
    return Array(rest[..<end])
  }
}

/// One header with its data.
private struct TZifBlock {
  /// 1 for a version byte of zero.
  var version = 1
  var transitions: [Int64] = []
  var indices: [UInt8] = []
  /// Of each local time type.
  var offsets: [Int64] = []
  var end = 0

  init?(_ bytes: [UInt8], at start: Int, timeSize: Int) {
    guard bytes.count >= start + 44, bytes[start..<start + 4].elementsEqual(Array("TZif".utf8)) else { return nil }
    version = bytes[start + 4] == 0 ? 1 : Int(bytes[start + 4]) - 48
    let counts = (0..<6).map { Int(Self.signed(bytes, at: start + 20 + 4 * $0, size: 4)) }
    let (universal, standard, leaps, times, types, characters) = (
      counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]
    )
    // A file has few of each; the bound comes before anything is made of them.
    guard (1...4).contains(version), counts.allSatisfy({ (0...65_536).contains($0) }), (1...256).contains(types) else {
      return nil
    }
    var place = start + 44
    end = place + times * (timeSize + 1) + types * 6 + characters + leaps * (timeSize + 4) + standard + universal
    guard end <= bytes.count else { return nil }
    transitions = (0..<times).map { Self.signed(bytes, at: place + $0 * timeSize, size: timeSize) }
    place += times * timeSize
    indices = Array(bytes[place..<place + times])
    place += times
    offsets = (0..<types).map { Self.signed(bytes, at: place + $0 * 6, size: 4) }
    guard isSound(types) else { return nil }
  }

  private func isSound(_ types: Int) -> Bool {
    zip(transitions, transitions.dropFirst()).allSatisfy { $0 < $1 } && indices.allSatisfy { Int($0) < types }
      && offsets.allSatisfy { abs($0) < 26 * 3600 } && transitions.allSatisfy { abs($0) < 1 << 59 + 1 }
  }

  private static func signed(_ bytes: [UInt8], at place: Int, size: Int) -> Int64 {
    let value = bytes[place..<place + size].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return size == 4 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
  }
}
