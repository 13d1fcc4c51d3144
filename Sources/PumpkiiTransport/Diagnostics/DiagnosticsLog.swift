internal import FoundationEssentials
package import PumpkiiSystem
package import PumpkiiWire
internal import Synchronization

/// What a program notes of itself for diagnostics: counts, operations by name, codes of errors and crashes. It lies in
/// one small file of its own folder and stays there until somebody allows to send it.
package final class DiagnosticsLog: Sendable {
  /// Its name in any folder.
  package static let fileName = "diagnostics.json"
  /// Counted under this code are errors beyond the number of codes that a report has.
  private static let otherErrors = "other-errors"

  struct Held: Codable, Equatable, Sendable {
    var statistics: [String: UInt64] = [:]
    var operations: Set<String> = []
    var errors: [String: UInt64] = [:]
    var crashes: [String: UInt64] = [:]
    /// Kinds of which a relay may hold something.
    var sent: Set<String> = []
    /// Unix µs of the last report.
    var lastSent: UInt64 = 0
  }

  private struct State {
    var held: Held
    var isChanged = false
  }

  private let path: String
  private let state: Mutex<State>

  /// The log in the file `path`; one that cannot be read or is damaged begins anew.
  package init(path: String) {
    self.path = path
    let bytes = try? DurableFile.read(path, limit: 1 << 20)
    let held = bytes.flatMap { try? JSONDecoder().decode(Held.self, from: Data($0)) }
    state = Mutex(State(held: held ?? Held()))
  }

  /// Counts something.
  package func count(_ statistic: Diagnostics.Statistic, by number: UInt64 = 1) {
    note { Self.add(number, to: &$0.statistics, statistic.rawValue) }
  }

  /// Something was done; how often is not kept.
  package func did(_ operation: Diagnostics.Operation) { note { $0.operations.insert(operation.rawValue) } }

  /// Something failed with a stable code; what is none is counted under another.
  package func failed(_ code: String) { note { Self.add(code: code, to: &$0.errors) } }

  /// A program ended as it should not.
  package func crashed(_ code: String) { note { Self.add(code: code, to: &$0.crashes) } }

  /// Writes the file when something changed.
  /// - Throws: ``SystemError``.
  package func save() throws(SystemError) {
    let held = state.withLock { state -> Held? in
      guard state.isChanged else { return nil }
      state.isChanged = false
      return state.held
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let held, let data = try? encoder.encode(held) else { return }
    do throws(SystemError) {
      try DurableFile.write(Array(data), to: path)
    } catch {
      state.withLock { $0.isChanged = true }
      throw error
    }
  }

  /// Kinds of which a relay may hold something from here.
  package var sentKinds: Set<Diagnostics.Kind> {
    Set(state.withLock { $0.held.sent }.compactMap { Diagnostics.Kind(rawValue: $0) })
  }

  /// Unix µs of the last report, 0 before the first.
  package var lastSent: UInt64 { state.withLock { $0.held.lastSent } }

  /// The report of those kinds alone that are allowed; nil when that is nothing.
  package func report(
    _ environment: DiagnosticsEnvironment, of allowed: Set<Diagnostics.Kind>
  ) -> DiagnosticsSubmission? {
    DiagnosticsSubmission(state.withLock { $0.held }, environment, allowed)
  }

  /// A report is about to leave: from here on a relay may hold something of these kinds, whether its answer comes or
  /// not.
  package func sending(_ report: DiagnosticsSubmission) { note { $0.sent.formUnion(report.kinds.map(\.rawValue)) } }

  /// A relay took a report: what it said is not said again.
  package func sent(_ report: DiagnosticsSubmission, now: UInt64) {
    note { held in
      if report.kinds.contains(.statistics) { Self.subtract(report.held.statistics, from: &held.statistics) }
      if report.kinds.contains(.operations) { held.operations.subtract(report.held.operations) }
      if report.kinds.contains(.errors) { Self.subtract(report.held.errors, from: &held.errors) }
      if report.kinds.contains(.crashes) { Self.subtract(report.held.crashes, from: &held.crashes) }
      held.lastSent = now
    }
  }

  /// The relay holds nothing from here any more.
  package func withdrawn() { note { $0.sent = [] } }

  private func note(_ change: (inout Held) -> Void) {
    state.withLock { state in
      let before = state.held
      change(&state.held)
      if state.held != before { state.isChanged = true }
    }
  }

  private static func add(code: String, to counts: inout [String: UInt64]) {
    let isKnown = Diagnostics.isCode(code) && (counts[code] != nil || counts.count < Diagnostics.codes - 1)
    add(1, to: &counts, isKnown ? code : otherErrors)
  }

  private static func add(_ number: UInt64, to counts: inout [String: UInt64], _ name: String) {
    let (sum, isOver) = counts[name, default: 0].addingReportingOverflow(number)
    counts[name] = isOver ? Diagnostics.counts - 1 : min(sum, Diagnostics.counts - 1)
  }

  private static func subtract(_ sent: [String: UInt64], from counts: inout [String: UInt64]) {
    for (name, number) in sent {
      guard let count = counts[name] else { continue }
      counts[name] = count > number ? count - number : nil
    }
  }
}
