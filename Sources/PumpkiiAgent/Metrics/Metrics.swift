internal import Synchronization

/// The agent's numbers as text for Prometheus (0.0.4), read when they are asked for. A label is one of a closed list
/// and its value a short word, so that neither a person nor an account nor a device can be named.
package final class Metrics: Sendable {
  /// What a number may be divided by.
  package enum Label: String, Sendable, CaseIterable {
    /// `video`, `audio`, `photo`, `event`.
    case track
    case outcome
    case reason
    /// `camera`, `microphone`.
    case sensor
    case state
    case queue
    /// A permission's name.
    case flag
    case kind
    /// An enforcement point: `e1` … `e13`.
    case point
  }

  /// How a number moves.
  package enum Kind: String, Sendable {
    /// It only goes up.
    case counter
    case gauge
  }

  /// One number.
  package struct Sample: Sendable {
    package var labels: [Label: String]
    package var value: Double

    package init(_ labels: [Label: String] = [:], _ value: Double) {
      self.labels = labels
      self.value = value
    }

    package init(_ labels: [Label: String] = [:], _ value: UInt64) { self.init(labels, Double(value)) }
  }

  private struct Family: Sendable {
    let name: String
    let help: String
    let kind: Kind
    let read: @Sendable () -> [Sample]
  }

  private let families = Mutex<[Family]>([])

  package init() {}

  /// Adds numbers of one name, which is given `pumpkii_` before and, for a counter, `_total` behind.
  /// - Parameter read: called on each request; must not block.
  package func add(_ name: String, _ help: String, _ kind: Kind, _ read: @escaping @Sendable () -> [Sample]) {
    let full = "pumpkii_\(Self.word(name))\(kind == .counter ? "_total" : "")"
    families.withLock { families in
      families.removeAll { $0.name == full }
      families.append(Family(name: full, help: help, kind: kind, read: read))
      families.sort { $0.name < $1.name }
    }
  }

  /// Everything, in a stable order.
  package var text: String {
    var lines = ""
    for family in families.withLock({ $0 }) {
      lines += "# HELP \(family.name) \(family.help.filter { $0 != "\n" && $0 != "\\" })\n"
      lines += "# TYPE \(family.name) \(family.kind.rawValue)\n"
      for line in family.read().map({ Self.line(family.name, $0) }).sorted() { lines += line }
    }
    return lines
  }

  private static func line(_ name: String, _ sample: Sample) -> String {
    let labels = sample.labels.sorted { $0.key.rawValue < $1.key.rawValue }
      .map { "\($0.key.rawValue)=\"\(value($0.value))\"" }
    let isWhole = sample.value == sample.value.rounded() && abs(sample.value) < 1e15
    let number = isWhole ? "\(Int64(sample.value))" : "\(sample.value)"
    return labels.isEmpty ? "\(name) \(number)\n" : "\(name){\(labels.joined(separator: ","))} \(number)\n"
  }

  /// A short word, or `other`: what is long, or looks like an identifier, is never written.
  private static func value(_ text: String) -> String {
    // `e1` to `e13`, and no other word with digits.
    if text.first == "e", let number = Int(text.dropFirst()), (1...13).contains(number) { return "e\(number)" }
    let isWord =
      !text.isEmpty && text.utf8.count <= 32
      && text.utf8.allSatisfy {
        isSmall($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
      }
    return isWord ? text : "other"
  }

  private static func isSmall(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

  private static func word(_ name: String) -> String {
    String(decoding: name.utf8.map { isSmall($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
  }
}
