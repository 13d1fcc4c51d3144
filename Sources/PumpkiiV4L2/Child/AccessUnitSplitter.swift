/// Cuts a stream of H.264 (Annex B, ISO/IEC 14496-10) into access units, one picture each.
///
/// A unit is whole when the next one begins: nothing in the stream says where a picture ends. That costs one frame's
/// time; guessing by a pause would hand out torn pictures on a busy machine.
package struct AccessUnitSplitter {
  /// One picture with its parameter sets.
  package struct Unit: Equatable, Sendable {
    /// Annex B.
    package var bytes: [UInt8]
    /// True where decoding may begin.
    package var isIDR: Bool
    /// True where a sequence parameter set is inside.
    package var hasParameters: Bool
    /// When its first byte came, in ns.
    package var arrived: UInt64
  }

  /// Units that were longer than the bound.
  package private(set) var dropped: UInt64 = 0
  private let limit: Int
  private var buffer: [UInt8] = []
  private var scanned = 0
  private var unit = Unit(bytes: [], isIDR: false, hasParameters: false, arrived: 0)
  private var hasPicture = false
  private var hasBegun = false
  private var isSkipping = false

  /// - Parameter limit: bytes of one unit at most.
  package init(limit: Int = 4 << 20) { self.limit = limit }

  /// Takes bytes as they came.
  /// - Returns: the units that are whole now.
  package mutating func push(_ bytes: some Collection<UInt8>, at now: UInt64) -> [Unit] {
    if buffer.isEmpty { unit.arrived = now }
    buffer.append(contentsOf: bytes)
    var whole: [Unit] = []
    // The two bytes behind a start code tell what begins.
    while let code = nextStartCode(), code + 4 < buffer.count {
      let type = buffer[code + 3] & 0x1F
      scanned = code + 3
      let start = code > 0 && buffer[code - 1] == 0 ? code - 1 : code
      if !hasBegun || (hasPicture && begins(type, buffer[code + 4])) {
        if let cut = cut(at: start) { whole.append(cut) }
        unit.arrived = now
        hasBegun = true
      }
      note(type)
    }
    keepWithinLimit()
    return whole
  }

  /// The stream ended.
  /// - Returns: the last unit, as far as it came.
  package mutating func finish() -> Unit? {
    guard hasPicture else { return nil }
    return cut(at: buffer.count)
  }

  private func begins(_ type: UInt8, _ next: UInt8) -> Bool {
    switch type {
    // A slice whose first macroblock is number 0: Exp-Golomb 0 is a single 1 bit.
    case 1, 2, 5: next & 0x80 != 0
    // Supplemental information, parameter sets, a delimiter, and what is reserved for the same place.
    case 6...9, 14...18: true
    default: false
    }
  }

  private mutating func note(_ type: UInt8) {
    if type == 1 || type == 2 || type == 5 { hasPicture = true }
    if type == 5 { unit.isIDR = true }
    if type == 7 { unit.hasParameters = true }
  }

  /// What lies before `start` is a unit, or junk before the first one.
  private mutating func cut(at start: Int) -> Unit? {
    var done = unit
    done.bytes = Array(buffer[..<start])
    buffer.removeFirst(start)
    scanned = max(scanned - start, 0)
    let isWhole = hasPicture && !isSkipping
    unit = Unit(bytes: [], isIDR: false, hasParameters: false, arrived: unit.arrived)
    hasPicture = false
    isSkipping = false
    return isWhole ? done : nil
  }

  /// The offset of the next 00 00 01, from where the last look ended.
  private mutating func nextStartCode() -> Int? {
    var offset = scanned
    while offset + 2 < buffer.count {
      let third = buffer[offset + 2]
      if third > 1 {
        offset += 3
      } else if third == 1, buffer[offset] == 0, buffer[offset + 1] == 0 {
        scanned = offset
        return offset
      } else {
        offset += 1
      }
    }
    scanned = max(scanned, min(offset, buffer.count))
    return nil
  }

  private mutating func keepWithinLimit() {
    guard buffer.count > limit else { return }
    if hasBegun, !isSkipping { dropped += 1 }
    isSkipping = hasBegun
    // The beginning of a start code may be at the end.
    buffer.removeFirst(buffer.count - 5)
    scanned = 0
  }
}
