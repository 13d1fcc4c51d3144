/// The last lines of what a program says, however much that is.
struct LineTail {
  private static let mostLines = 20
  private static let longest = 200

  private(set) var lines: [String] = []
  private var open: [UInt8] = []
  /// True within a line of which the rest is left out.
  private var isFull: Bool { open.count >= Self.longest }

  mutating func push(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        endLine()
      } else if !isFull, byte >= 0x20, byte != 0x7F {
        open.append(byte)
      }
    }
  }

  mutating func endLine() {
    guard !open.isEmpty else { return }
    lines.append(String(decoding: open, as: UTF8.self))
    open.removeAll(keepingCapacity: true)
    if lines.count > Self.mostLines { lines.removeFirst() }
  }
}
