internal import Synchronization

/// The unit ledger of `docs/demo.md`: one JSON object a line, appended by agent, relay and viewer, read by whoever
/// checks that every frame ended exactly once. It names positions, times and reasons; never content, never a person.
package final class LedgerWriter: Sendable {
  /// A value of a ledger line.
  package enum Value: Sendable, Equatable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByBooleanLiteral
  {
    case text(String)
    case number(Int64)
    case truth(Bool)
    case list([String])
    case null

    package init(stringLiteral value: String) { self = .text(value) }
    package init(integerLiteral value: Int64) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .truth(value) }
    /// A time or count as the wire has it.
    package static func count(_ value: UInt64) -> Value { .number(Int64(clamping: value)) }
  }

  /// Lines held back before they are written, so that a frame does not pay a system call each.
  private static let batch = 128
  private let path: String
  private let who: String
  private let pending = Mutex<[String]>([])

  /// - Parameter who: `agent`, `relay` or `viewer`.
  package init(path: String, who: String) {
    self.path = path
    self.who = who
  }

  /// Adds one line; the order of `fields` is the order in the file.
  package func record(_ event: String, _ fields: KeyValuePairs<String, Value>) {
    var line = #"{"who":"\#(who)","event":"\#(event)""#
    for (key, value) in fields { line += #","\#(key)":\#(Self.json(value))"# }
    line += "}\n"
    let full = pending.withLock { lines -> Bool in
      lines.append(line)
      return lines.count >= Self.batch
    }
    if full { flush() }
  }

  /// Writes what is held back. A ledger that cannot be written is given up silently: it is no part of the product's
  /// duty.
  package func flush() {
    pending.withLock { lines in
      guard !lines.isEmpty else { return }
      try? DurableFile.append(Array(lines.joined().utf8), to: path, sync: false)
      lines.removeAll(keepingCapacity: true)
    }
  }

  private static func json(_ value: Value) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .number(let number): "\(number)"
    case .truth(let truth): "\(truth)"
    case .list(let items): "[" + items.map(quoted).joined(separator: ",") + "]"
    case .null: "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 32: result += " "
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
