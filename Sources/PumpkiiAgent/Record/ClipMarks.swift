/// Clips for which something holds, in a small text file: ranges of numbers, merged where they meet. Pure.
package struct ClipMarks: Sendable, Equatable {
  private static let head = "pumpkii/1 marks"
  private var numbers = RangeSet<UInt64>()

  package init() {}

  /// Reads what ``encoded`` wrote; what is no line of it marks nothing.
  package init(decoding bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    guard lines.first == Self.head[...] else { return }
    for line in lines.dropFirst() {
      let parts = line.split(separator: " ").compactMap { UInt64($0) }
      guard parts.count == 2, parts[0] <= parts[1], parts[1] < .max else { continue }
      numbers.insert(contentsOf: parts[0]..<parts[1] + 1)
    }
  }

  package var encoded: [UInt8] {
    let lines = numbers.ranges.map { "\($0.lowerBound) \($0.upperBound - 1)" }
    return Array(([Self.head] + lines).joined(separator: "\n").utf8) + [0x0A]
  }

  package func contains(_ number: UInt64) -> Bool { numbers.contains(number) }

  package mutating func insert(_ number: UInt64) { insert(number...number) }

  package mutating func insert(_ range: ClosedRange<UInt64>) {
    guard range.upperBound < .max else { return }
    numbers.insert(contentsOf: range.lowerBound..<range.upperBound + 1)
  }

  package mutating func remove(_ number: UInt64) {
    guard number < .max else { return }
    numbers.remove(contentsOf: number..<number + 1)
  }
}
