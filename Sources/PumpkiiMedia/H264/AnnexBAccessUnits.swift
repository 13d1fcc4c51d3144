/// Cuts a byte stream in Annex B into access units: parameter sets, information and slices of one picture together.
///
/// Give it bytes as they come with ``append(_:)``, take units with ``next()`` until it is nil, and the last one with
/// ``finish()``. What lies before the first start code is skipped.
package struct AnnexBAccessUnits: Sendable {
  /// The most one access unit may have; a longer one is given up and counted.
  package static let longest = 16 << 20
  /// Access units given up for their length.
  package private(set) var discarded = 0
  private var bytes: [UInt8] = []
  /// Where the access unit being gathered begins, nil before the first start code.
  private var begin: Int?
  /// Where the next start code is looked for.
  private var cursor = 0
  private var hasSlice = false
  /// Bytes of the stream that are gone from ``bytes``.
  private var gone = 0

  /// Bytes taken so far.
  var total: Int { gone + bytes.count }
  /// Where in the stream the access unit that is being gathered begins.
  var position: Int { gone + (begin ?? 0) }

  /// Nothing gathered yet.
  package init() {}

  /// Takes more of the stream, in pieces of any size.
  package mutating func append(_ more: [UInt8]) {
    if let begin, begin > 1 << 16 {
      bytes.removeFirst(begin)
      gone += begin
      cursor -= begin
      self.begin = 0
    }
    bytes.append(contentsOf: more)
  }

  /// The next whole access unit with its start codes, nil when more bytes are needed.
  package mutating func next() -> [UInt8]? {
    while true {
      let start = AnnexB.find(bytes, from: cursor)
      // The kind of a unit and the first bit of a slice must be there.
      guard start + 5 <= bytes.count else {
        cursor = max(cursor, min(start, bytes.count - 2))
        giveUpIfTooLong()
        return nil
      }
      cursor = start + 3
      if let unit = take(unitAt: start) { return unit }
    }
  }

  /// The last access unit, at the end of the stream.
  package mutating func finish() -> [UInt8]? {
    defer { self = AnnexBAccessUnits() }
    guard let begin, hasSlice else { return nil }
    return Array(bytes[begin...])
  }

  /// Every access unit of a whole stream.
  package static func all(of stream: [UInt8]) -> [[UInt8]] {
    var splitter = AnnexBAccessUnits()
    splitter.append(stream)
    var units: [[UInt8]] = []
    while let unit = splitter.next() { units.append(unit) }
    if let last = splitter.finish() { units.append(last) }
    return units
  }

  /// Ends the access unit before the start code at `start` if that opens another one.
  private mutating func take(unitAt start: Int) -> [UInt8]? {
    let type = AnnexB.type(of: bytes[start + 3])
    let isSlice = AnnexB.isSlice(type)
    let opens = isSlice ? AnnexB.isFirstSlice(bytes, start + 3..<bytes.count) : AnnexB.opensAccessUnit(type)
    // A start code of four bytes has its zero with it.
    let from = start > (begin ?? 0) && bytes[start - 1] == 0 ? start - 1 : start
    guard let begin else {
      self.begin = from
      hasSlice = isSlice
      return nil
    }
    guard hasSlice, opens else {
      hasSlice = hasSlice || isSlice
      return nil
    }
    self.begin = from
    hasSlice = isSlice
    return Array(bytes[begin..<from])
  }

  private mutating func giveUpIfTooLong() {
    let from = begin ?? 0
    guard bytes.count - from > Self.longest else { return }
    discarded += 1
    gone += max(bytes.count - 4, 0)
    bytes = Array(bytes.suffix(4))
    begin = nil
    cursor = 0
    hasSlice = false
  }
}
