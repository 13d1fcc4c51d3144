/// One box of an ISO base media file: its type and where its body lies.
struct Box: Equatable {
  let type: [UInt8]
  /// Head included.
  let range: Range<Int>
  let body: Range<Int>

  func isNamed(_ name: StaticString) -> Bool {
    unsafe type.elementsEqual(UnsafeBufferPointer(start: name.utf8Start, count: 4))
  }

  /// The boxes that fill `range` of `bytes`.
  /// - Throws: ``MediaError`` `badBoxes` when a size leaves the range.
  static func list(_ bytes: [UInt8], in range: Range<Int>) throws(MediaError) -> [Box] {
    var boxes: [Box] = []
    var at = range.lowerBound
    while at < range.upperBound {
      guard range.upperBound - at >= 8 else { throw bad("a box is cut short") }
      var head = 8
      var size = UInt64(number(bytes, at: at, count: 4))
      if size == 1 {
        guard range.upperBound - at >= 16 else { throw bad("a box is cut short") }
        size = number(bytes, at: at + 8, count: 8)
        head = 16
      }
      guard size >= UInt64(head), size <= UInt64(range.upperBound - at) else { throw bad("a box has a wrong size") }
      let end = at + Int(size)
      boxes.append(Box(type: Array(bytes[at + 4..<at + 8]), range: at..<end, body: at + head..<end))
      at = end
    }
    return boxes
  }

  /// The only box of that name in `range`.
  /// - Throws: ``MediaError`` `badBoxes` when there is none.
  static func find(_ name: StaticString, _ bytes: [UInt8], in range: Range<Int>) throws(MediaError) -> Box {
    guard let found = try list(bytes, in: range).first(where: { $0.isNamed(name) }) else {
      throw bad("there is no \(name) box")
    }
    return found
  }

  /// The box at the end of a path of names.
  /// - Throws: ``MediaError`` `badBoxes` when there is none.
  static func find(path: [StaticString], _ bytes: [UInt8], in range: Range<Int>) throws(MediaError) -> Box {
    var current = Box(type: [], range: range, body: range)
    for name in path { current = try find(name, bytes, in: current.body) }
    return current
  }

  /// A big-endian number that is known to lie within `bytes`.
  static func number(_ bytes: [UInt8], at index: Int, count: Int) -> UInt64 {
    bytes[index..<index + count].reduce(0) { $0 << 8 | UInt64($1) }
  }

  static func bad(_ reason: String) -> MediaError {
    MediaError(.badBoxes, reason, advice: "The sender is of another version: update both sides.")
  }
}
