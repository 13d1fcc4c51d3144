package import PumpkiiPolicy

/// What somebody with physical access denied on the board itself: a layer that only takes away. It is undone on the board
/// alone, and undoing it gives back no more than the owner's signed policy allows.
package struct BoardState: Sendable, Equatable {
  /// Flags denied here, and since when (Unix µs).
  package var narrowed: [Flag: UInt64] = [:]
  /// Since when (Unix µs) everything is denied here; nil while nothing is.
  package var pausedSince: UInt64?

  package init() {}

  init(pausedSince: UInt64) { self.pausedSince = pausedSince }

  /// What either denies, since whenever it first did.
  func union(_ other: BoardState) -> BoardState {
    var both = self
    both.narrowed.merge(other.narrowed) { min($0, $1) }
    both.pausedSince = [pausedSince, other.pausedSince].compactMap { $0 }.min()
    return both
  }

  /// This, and what `other` denies besides.
  func adding(_ other: BoardState) -> BoardState {
    var both = self
    both.narrowed.merge(other.narrowed) { own, _ in own }
    both.pausedSince = pausedSince ?? other.pausedSince
    return both
  }

  static let fileName = "board"
  private static let head = "pumpkii/1 board"

  /// The file's text: a first line that says what it is, then a line a fact.
  package var encoded: [UInt8] {
    var lines = [Self.head]
    if let pausedSince { lines.append("paused \(pausedSince)") }
    for (flag, since) in narrowed.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      lines.append("narrowed \(flag.rawValue) \(since)")
    }
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// Reads the file's text.
  /// - Throws: ``AgentError`` `policy`; a file that cannot be understood may have denied anything.
  package init(_ bytes: [UInt8]) throws(AgentError) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.first == Self.head[...], lines.last == "" else { throw Self.damaged }
    for line in lines.dropFirst().dropLast() {
      let words = line.split(separator: " ", omittingEmptySubsequences: false)
      switch words.first {
      case "paused" where words.count == 2 && pausedSince == nil:
        guard let since = UInt64(words[1]) else { throw Self.damaged }
        pausedSince = since
      case "narrowed" where words.count == 3:
        guard let flag = Flag(rawValue: String(words[1])), let since = UInt64(words[2]),
          narrowed.updateValue(since, forKey: flag) == nil
        else { throw Self.damaged }
      default: throw Self.damaged
      }
    }
  }

  private static var damaged: AgentError {
    AgentError(
      .policy, "the file of what was denied on the board is damaged",
      advice: "Everything stays denied. On the board: pumpkii permissions resume --board FOLDER writes it anew.")
  }
}
