internal import CPumpkiiCodecs

/// NAL units in a byte stream with start codes (ITU-T H.264, Annex B).
package enum AnnexB {
  /// What a NAL unit holds, as far as we care.
  package enum UnitType {
    static let slice: UInt8 = 1
    static let partitionA: UInt8 = 2
    static let idr: UInt8 = 5
    static let information: UInt8 = 6
    static let sequence: UInt8 = 7
    static let picture: UInt8 = 8
    static let delimiter: UInt8 = 9
    static let filler: UInt8 = 12
  }

  /// The NAL units in order, without start codes and without the zeros behind them.
  package static func units(_ bytes: [UInt8]) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var start = find(bytes, from: 0)
    while start < bytes.count {
      let next = find(bytes, from: start + 3)
      var end = next
      while end > start + 3, bytes[end - 1] == 0 { end -= 1 }
      if end > start + 3 { found.append(start + 3..<end) }
      start = next
    }
    return found
  }

  /// Index of the next 00 00 01, `bytes.count` when there is none.
  static func find(_ bytes: [UInt8], from index: Int) -> Int {
    unsafe pk_annexb_find(bytes, bytes.count, index)
  }

  /// The kind, from a NAL unit's first byte.
  package static func type(of unit: UInt8) -> UInt8 { unit & 31 }

  /// True for NAL units that carry a slice.
  package static func isSlice(_ type: UInt8) -> Bool { (UnitType.slice...UnitType.idr).contains(type) }

  /// True for NAL units that, behind a slice, begin the next access unit (7.4.1.2.3).
  static func opensAccessUnit(_ type: UInt8) -> Bool {
    (UnitType.information...UnitType.delimiter).contains(type) || (14...18).contains(type)
  }

  /// True for slices that begin with a slice head; partitions B and C do not.
  static func hasHead(_ type: UInt8) -> Bool { [UnitType.slice, UnitType.partitionA, UnitType.idr].contains(type) }

  /// True where a slice is the first of its picture: first_mb_in_slice is 0, one bit.
  static func isFirstSlice(_ bytes: [UInt8], _ unit: Range<Int>) -> Bool {
    hasHead(type(of: bytes[unit.lowerBound])) && unit.count > 1 && bytes[unit.lowerBound + 1] & 0x80 != 0
  }
}
