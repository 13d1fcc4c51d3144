internal import FoundationEssentials
package import PumpkiiWire

/// A report that may be sent, exactly as it would be.
package struct DiagnosticsSubmission: Sendable {
  private struct Body: Encodable {
    var environment: [String: String]?
    var statistics: [String: UInt64]?
    var operations: [String]?
    var errors: [String: UInt64]?
    var crashes: [String: UInt64]?
  }

  /// The kinds in it.
  package let kinds: Set<Diagnostics.Kind>
  /// What is sent, keys in alphabetical order.
  package let json: [UInt8]
  let held: DiagnosticsLog.Held

  /// nil when nothing of the allowed kinds is there.
  init?(_ held: DiagnosticsLog.Held, _ environment: DiagnosticsEnvironment, _ allowed: Set<Diagnostics.Kind>) {
    var (body, kinds) = (Body(), Set<Diagnostics.Kind>())
    for kind in allowed {
      switch kind {
      case .environment:
        guard !environment.fields.isEmpty else { continue }
        body.environment = Dictionary(uniqueKeysWithValues: environment.fields.map { ($0.key.rawValue, $0.value) })
      case .statistics:
        let known = held.statistics.filter { Diagnostics.Statistic(rawValue: $0.key) != nil }
        guard !known.isEmpty else { continue }
        body.statistics = known
      case .operations:
        let known = held.operations.filter { Diagnostics.Operation(rawValue: $0) != nil }
        guard !known.isEmpty else { continue }
        body.operations = known.sorted()
      case .errors:
        guard !held.errors.isEmpty else { continue }
        body.errors = held.errors
      case .crashes:
        guard !held.crashes.isEmpty else { continue }
        body.crashes = held.crashes
      }
      kinds.insert(kind)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard !kinds.isEmpty, let data = try? encoder.encode(body) else { return nil }
    self.kinds = kinds
    self.held = held
    json = Array(data)
  }
}
