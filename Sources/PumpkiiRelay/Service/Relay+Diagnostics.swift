internal import PumpkiiChain
internal import PumpkiiWire

// What devices and clients report of themselves, where they may. The sender asks its own flags first; that the relay
// asks the signed documents too is a second line.
extension Relay {
  /// Days that a report is kept.
  static let reportDays: UInt64 = 90

  /// Stores a report of a sender, of which every kind must be allowed.
  func take(_ report: DiagnosticsReport, from identity: Identity) async throws {
    if let wait = limiter.take("report \(identity.rateKey)", configuration.limits.diagnostics) {
      throw Problem.tooMany(retryAfter: wait)
    }
    let allowed = try await allowedKinds(identity)
    guard report.kinds.isSubset(of: allowed) else {
      throw Problem.forbidden("diagnostics-not-allowed", "no signed policy here allows every kind of this report")
    }
    let stored = Tables.StoredReport(received: Relay.now, json: report.json)
    try await store.write { try $0.add(report: stored, of: identity.rateKey) }
  }

  /// The kinds that the account's policy allows its clients, or the owner's policy the device.
  private func allowedKinds(_ identity: Identity) async throws -> Set<Diagnostics.Kind> {
    switch identity {
    case .client(_, let account, _):
      guard let bytes = try await store.read({ try $0.accountPolicy(account) }) else { return [] }
      let document = try Signed<AccountPolicyDocument>(decoding: bytes).body
      return Set(Diagnostics.Kind.allCases.filter { document.allows($0.flag) })
    case .device(let device, _):
      let roster = try await camera(device).effective
      guard let policy = try await store.read({ try $0.policy(device) }), policy.version == roster.policy.version,
        Hashes.sha256(policy.bytes) == roster.policy.hash
      else { return [] }
      let settings = try Signed<PolicyDocument>(decoding: policy.bytes).body.settings
      let flags = Set(settings.filter(\.allow).map(\.flag)).subtracting(roster.narrowed)
      return Set(Diagnostics.Kind.allCases.filter { flags.contains($0.flag) })
    }
  }

  /// Forgets reports that were kept for as long as reports are.
  func forgetOldReports(now: UInt64) async throws {
    let term = Relay.reportDays * 86_400_000_000
    try await store.write { try $0.removeReports(before: now > term ? now - term : 0) }
  }
}
