internal import PumpkiiChain
internal import PumpkiiWire

// What devices and clients report of themselves, where they may. The sender asks its own flags first; that the relay
// asks the signed documents too is a second line.
extension Relay {
  /// Days that a report is kept.
  static let reportDays: UInt64 = 90

  /// Stores a report of a sender, of which every kind must be allowed; asked in the transaction that stores it, so that
  /// no withdrawal comes in between.
  func take(_ report: DiagnosticsReport, from identity: Identity) async throws {
    if let wait = limiter.take("report \(identity.rateKey)", configuration.limits.diagnostics) {
      throw Problem.tooMany(retryAfter: wait)
    }
    let stored = Tables.StoredReport(received: Relay.now, json: report.json)
    for _ in 0..<Relay.attempts {
      let camera = try await camera(of: identity)
      let isTaken = try await store.write { tables in
        if let camera, try tables.revision(of: camera.roster.device) != camera.revision { return false }
        guard report.kinds.isSubset(of: try Self.allowedKinds(identity, camera, tables)) else { throw Self.notAllowed }
        try tables.add(report: stored, of: identity.rateKey)
        return true
      }
      if isTaken { return }
    }
    throw Relay.busy
  }

  private func camera(of identity: Identity) async throws -> Camera? {
    guard case .device(let device, _) = identity else { return nil }
    return try await camera(device)
  }

  /// The kinds that the account's policy allows its clients, or the owner's policy the device.
  private static func allowedKinds(
    _ identity: Identity, _ camera: Camera?, _ tables: Tables
  ) throws -> Set<Diagnostics.Kind> {
    switch identity {
    case .client(_, let account, _):
      guard let bytes = try tables.accountPolicy(account) else { return [] }
      return allowedKinds(try Signed<AccountPolicyDocument>(decoding: bytes).body)
    case .device: return try camera.map { try allowedKinds($0, tables) } ?? []
    }
  }

  /// Nothing leaves without accepted terms and acknowledged limits.
  private static func allowedKinds(_ document: AccountPolicyDocument) -> Set<Diagnostics.Kind> {
    guard AccountPolicyDocument.Text.Kind.allCases.allSatisfy({ document.allows($0.flag) }) else { return [] }
    return Set(Diagnostics.Kind.allCases.filter { document.allows($0.flag) })
  }

  private static func allowedKinds(_ camera: Camera, _ tables: Tables) throws -> Set<Diagnostics.Kind> {
    let roster = camera.effective
    guard let policy = try tables.policy(roster.device), policy.version == roster.policy.version,
      Hashes.sha256(policy.bytes) == roster.policy.hash
    else { return [] }
    let document = try Signed<PolicyDocument>(decoding: policy.bytes).body
    guard !document.conditions.isPaused else { return [] }
    let flags = Set(document.settings.filter(\.allow).map(\.flag)).subtracting(roster.narrowed)
    return Set(Diagnostics.Kind.allCases.filter { flags.contains($0.flag) })
  }

  /// What an account's new policy does not allow goes from every program of it, whoever of them set it.
  static func dropReports(
    deniedBy document: AccountPolicyDocument, of chain: AccountChain, in tables: Tables
  ) throws {
    for client in chain.everyClient {
      try tables.removeReports(of: Identity.key(of: client), exceptOf: allowedKinds(document))
    }
  }

  /// What a camera's new policy, or a flag that was narrowed since, does not allow goes.
  static func dropReports(of camera: Camera, instead old: Camera?, in tables: Tables) throws {
    let (now, before) = (camera.effective, old?.effective)
    guard now.policy.hash != before?.policy.hash || now.narrowed != before?.narrowed else { return }
    try tables.removeReports(of: Identity.key(of: now.device), exceptOf: allowedKinds(camera, tables))
  }

  private static let notAllowed = Problem.forbidden(
    "diagnostics-not-allowed", "no signed policy here allows every kind of this report")

  /// Forgets reports that were kept for as long as reports are.
  func forgetOldReports(now: UInt64) async throws {
    let term = Relay.reportDays * 86_400_000_000
    try await store.write { try $0.removeReports(before: now > term ? now - term : 0) }
  }
}
