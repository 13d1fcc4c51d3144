internal import FoundationEssentials

/// The lines of one run, in the order in which each writer wrote them.
package struct Ledger: Sendable, Equatable {
  /// A line that is no ledger line.
  package struct Malformed: Error, Equatable, CustomStringConvertible {
    /// The line's number in the text, from 1.
    package let line: Int
    package let detail: String
    package var description: String { "ledger line \(line): \(detail)" }
  }

  package private(set) var lines: [LedgerLine]

  package init(_ lines: [LedgerLine] = []) { self.lines = lines }

  /// Reads JSON lines; empty ones are passed over.
  /// - Throws: ``Malformed`` with the number of the first line that cannot be read.
  package init(parsing text: [UInt8]) throws(Malformed) {
    lines = []
    let decoder = JSONDecoder()
    for (number, line) in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
      guard !line.isEmpty else { continue }
      do {
        lines.append(try decoder.decode(LedgerLine.self, from: Data(line)))
      } catch {
        throw Malformed(line: number + 1, detail: "\(error)")
      }
    }
  }

  /// Lines of another writer of the same run.
  package mutating func append(_ other: Ledger) { lines += other.lines }

  /// The lines of one writer about one event.
  package func lines(_ who: String, _ event: String) -> [LedgerLine] {
    lines.filter { $0.who == who && $0.event == event }
  }
}
