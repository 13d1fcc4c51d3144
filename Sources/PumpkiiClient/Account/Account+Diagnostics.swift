internal import FoundationEssentials
internal import PumpkiiSystem
internal import PumpkiiTransport
package import PumpkiiWire

/// What a program would report of itself, before anything is sent.
public struct DiagnosticsPreview: Sendable, Equatable {
  /// The report exactly as it would be sent, JSON; nil when nothing may be sent or nothing is there.
  public let report: String?
  /// The kinds that are allowed.
  public let allowed: [String]
  /// The kinds of which the relay may hold something.
  public let sent: [String]
}

// Diagnostics of this program: noted in the account's folder, sent only as far as its policy allows (E9).
extension Account {
  /// What would be sent now; nothing is asked for and nothing sent.
  /// - Throws: ``ClientError`` when the kept policy does not verify.
  public func diagnosticsPreview() throws(ClientError) -> DiagnosticsPreview {
    let policy = try knownPolicy()
    let allowed = Diagnostics.Kind.allCases.filter { Self.isAllowed($0, policy) }
    let report = diagnostics.report(.current(environment), of: Set(allowed))
    return DiagnosticsPreview(
      report: report.map { String(decoding: $0.json, as: UTF8.self) }, allowed: allowed.map(\.rawValue),
      sent: diagnostics.sentKinds.map(\.rawValue).sorted())
  }

  /// Sends what the account's policy, as the relay has it now, allows.
  /// - Returns: the report that was sent; nil when nothing may be sent or nothing is there.
  /// - Throws: ``ClientError``.
  public func sendDiagnostics() async throws(ClientError) -> String? {
    let policy = try await policy()
    try await withdrawWhatIsDenied(policy)
    let allowed = Set(Diagnostics.Kind.allCases.filter { Self.isAllowed($0, policy) })
    guard let report = diagnostics.report(.current(environment), of: allowed) else { return nil }
    // What leaves is owed back, also when its answer is lost: noted in the folder first.
    diagnostics.sending(report)
    try ClientError.translating { try diagnostics.save() }
    try await ask { () async throws(TransportError) in
      _ = try await connection.send(.post, "/v1/diagnostics", body: report.json, contentType: "application/json")
    }
    diagnostics.sent(report, now: Clocks.unixMicroseconds())
    saveDiagnostics()
    return String(decoding: report.json, as: UTF8.self)
  }

  /// The reports that the relay holds of this program, as JSON, oldest first.
  /// - Throws: ``ClientError``.
  public func heldDiagnostics() async throws(ClientError) -> [String] {
    let bytes = try await ask { () async throws(TransportError) in
      try await connection.get("/v1/diagnostics", limit: 4 << 20)
    }
    guard let held = try? JSONDecoder().decode(HeldReports.self, from: Data(bytes)) else {
      throw ClientError(
        ClientError.Code(rawValue: TransportError.Code.malformed.rawValue),
        "the relay's list of reports is not what the protocol says")
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return held.reports.compactMap { try? encoder.encode($0.report) }.map { String(decoding: $0, as: UTF8.self) }
  }

  /// Has the relay delete every report of this program.
  /// - Throws: ``ClientError``.
  public func withdrawDiagnostics() async throws(ClientError) {
    try await ask { () async throws(TransportError) in _ = try await connection.send(.delete, "/v1/diagnostics") }
    diagnostics.withdrawn()
    saveDiagnostics()
  }

  /// Notes that something was done.
  package func note(_ operation: Diagnostics.Operation) { diagnostics.did(operation) }

  /// Notes that something failed.
  package func note(_ error: ClientError) { diagnostics.failed(error.code.rawValue) }

  /// Writes what was noted; a folder that cannot be written loses it, and nothing else.
  package func saveDiagnostics() { try? diagnostics.save() }

  /// A consent that is gone takes with it what was sent under it.
  func withdrawWhatIsDenied(_ policy: AccountPolicy) async throws(ClientError) {
    if !diagnostics.sentKinds.allSatisfy({ Self.isAllowed($0, policy) }) { try await withdrawDiagnostics() }
  }

  /// The kind's own flag, and what anything that leaves needs: terms accepted, risk acknowledged, by their present
  /// text.
  private static func isAllowed(_ kind: Diagnostics.Kind, _ policy: AccountPolicy) -> Bool {
    policy.allows(kind.flag) && policy.accepts(PolicyTexts.terms) && policy.accepts(PolicyTexts.risk)
  }

  private var environment: [String: String] { ProcessInfo.processInfo.environment }
}

/// The relay's answer.
private struct HeldReports: Decodable {
  struct Held: Decodable {
    let report: Report
  }

  struct Report: Codable {
    let environment: [String: String]?
    let statistics: [String: UInt64]?
    let operations: [String]?
    let errors: [String: UInt64]?
    let crashes: [String: UInt64]?
  }

  let reports: [Held]
}
