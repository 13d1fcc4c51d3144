internal import FoundationEssentials

/// What was measured, as text for people and JSON for programs.
protocol BenchReport: Encodable {
  var text: String { get }
  /// Whether every promise was kept.
  var isReached: Bool { get }
}

extension BenchReport {
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      encoder.keyEncodingStrategy = .convertToSnakeCase
      return try String(decoding: encoder.encode(self), as: UTF8.self)
    }
  }
}
