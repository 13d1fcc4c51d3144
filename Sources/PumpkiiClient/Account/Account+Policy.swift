internal import PumpkiiChain
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

// The account's own policy: one signed document, the same for all of its programs, of which only a higher version
// counts.
extension Account {
  /// The flags that are a person's own.
  public static var policyFlags: [String] { Flag.allCases.map(\.rawValue).filter { AccountPolicyDocument.isOwn($0) } }

  /// The account's policy, verified. A relay that has an older one than this program saw is given the newer one back.
  /// - Throws: ``ClientError``: `client-rolled-back` when the relay has another one of the same version.
  public func policy() async throws(ClientError) -> AccountPolicy { AccountPolicy(try await newestPolicy()) }

  /// The account's policy as this program saw it last; nothing is asked for.
  /// - Throws: ``ClientError`` `client-home`, or what does not verify.
  public func knownPolicy() throws(ClientError) -> AccountPolicy { AccountPolicy(try keptPolicy()) }

  /// Sets flags and leaves the others as they are.
  /// - Parameters:
  ///   - changes: flag to allow or deny. Denying `terms.accepted` or `risk.acknowledged` takes the acceptance back.
  ///   - texts: what the person accepts; `terms.accepted` and `risk.acknowledged` are allowed by a text alone.
  /// - Throws: ``ClientError``: `client-usage` for a flag that is not a person's own or lacks its text.
  public func setPolicy(
    _ changes: [String: Bool] = [:], accepting texts: [AcceptedText] = []
  ) async throws(ClientError) -> AccountPolicy {
    var changes = changes
    for text in texts { changes[text.kind.wire.flag] = true }
    for flag in changes.keys where !Self.policyFlags.contains(flag) {
      throw ClientError(
        .usage, "\(flag) is no flag of an account",
        advice: "the flags are \(Self.policyFlags.joined(separator: ", ")); cameras have their own")
    }
    // Another program of the account may have been faster; then it is made anew on top of that.
    for _ in 0..<3 {
      let signed = try next(await newestPolicy(), changes, texts)
      do throws(ClientError) {
        try await put(signed.bytes)
      } catch {
        guard error.code.rawValue == "policy-older" else { throw error }
        continue
      }
      try files.write(signed.bytes, to: files.accountPolicy)
      let policy = AccountPolicy(signed)
      // What the relay does not delete now, it is told to with the next occasion; the policy stands.
      try? await withdrawWhatIsDenied(policy)
      return policy
    }
    throw ClientError(.rolledBack, "another program keeps changing the account's policy", advice: "try again")
  }

  /// Accepts the terms, the risks, or both, by exactly these texts.
  /// - Throws: ``ClientError``.
  public func acceptTerms(_ texts: [AcceptedText]) async throws(ClientError) -> AccountPolicy {
    try await setPolicy(accepting: texts)
  }

  private func next(
    _ before: Signed<AccountPolicyDocument>?, _ changes: [String: Bool], _ texts: [AcceptedText]
  ) throws(ClientError) -> Signed<AccountPolicyDocument> {
    let settings = Self.policyFlags.map {
      PolicyDocument.Setting(flag: $0, allow: changes[$0] ?? before?.body.allows($0) ?? false)
    }
    let allowed = Set(settings.filter(\.allow).map(\.flag))
    var accepted: [AccountPolicyDocument.Text.Kind: AccountPolicyDocument.Text] = [:]
    for text in before?.body.texts ?? [] { accepted[text.kind] = text }
    for text in texts { accepted[text.kind.wire] = try text.wire() }
    for kind in AccountPolicyDocument.Text.Kind.allCases where allowed.contains(kind.flag) && accepted[kind] == nil {
      throw ClientError(
        .usage, "\(kind.flag) is allowed by accepting a text", advice: "run: pumpkii account terms")
    }
    let document = AccountPolicyDocument(
      account: accountID, client: client, version: (before?.body.version ?? 0) + 1, time: Clocks.unixMicroseconds(),
      settings: settings, texts: accepted.values.filter { allowed.contains($0.kind.flag) })
    return identity.sign(document, .policy)
  }

  /// The newer of what the relay has and what was kept, verified and kept.
  private func newestPolicy() async throws(ClientError) -> Signed<AccountPolicyDocument>? {
    let kept = try keptPolicy()
    let path = "/v1/accounts/\(accountID.hex)/policy"
    let bytes = try await ask { () async throws(TransportError) -> [UInt8]? in
      do throws(TransportError) { return try await connection.get(path, limit: WireLimits.chainEntryBytes) } catch {
        guard error.problem == "policy-none" else { throw error }
        return nil
      }
    }
    guard let bytes, bytes != kept?.bytes else {
      if bytes == nil, let kept { await offer(kept.bytes) }
      return kept
    }
    return try await settle(bytes, kept)
  }

  private func settle(
    _ bytes: [UInt8], _ kept: Signed<AccountPolicyDocument>?
  ) async throws(ClientError) -> Signed<AccountPolicyDocument>? {
    let version = try Signed<AccountPolicyDocument>.decode(bytes).body.version
    if let kept, version < kept.body.version {
      await offer(kept.bytes)
      return kept
    }
    guard version != kept?.body.version else {
      throw ClientError(
        .rolledBack, "the relay has another account policy of version \(version) than this program saw",
        advice: "do not use this relay until its operator explains it")
    }
    // Its signer may have joined since.
    let chain = try await fetchChain(of: accountID)
    let signed = try ClientError.translating {
      try AccountPolicyCheck.verify(bytes, chain: chain, accepted: kept?.bytes)
    }
    try files.write(bytes, to: files.accountPolicy)
    return signed
  }

  private func keptPolicy() throws(ClientError) -> Signed<AccountPolicyDocument>? {
    guard let bytes = try files.read(files.accountPolicy) else { return nil }
    return try ClientError.translating { try AccountPolicyCheck.verify(bytes, chain: chain, accepted: bytes) }
  }

  /// Gives a relay back what it lost; one that does not take it has what we know already, or never will.
  private func offer(_ bytes: [UInt8]) async { try? await put(bytes) }

  private func put(_ bytes: [UInt8]) async throws(ClientError) {
    let path = "/v1/accounts/\(accountID.hex)/policy"
    try await ask { () async throws(TransportError) in _ = try await connection.send(.put, path, body: bytes) }
  }
}
