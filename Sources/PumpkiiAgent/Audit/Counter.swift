internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire
internal import Synchronization

/// The monotone counter beside the device's key: versions of policy and roster, heads of the ledgers, highest clip. It
/// is only ever raised, and after what it speaks of is on the disk; whatever then lies below it is an older disk
/// brought back, or something taken away.
package final class Counter: Sendable {
  private struct State {
    var value: AuditAnchor
    var isStored: Bool
  }

  private let path: String
  private let identity: SigningIdentity
  private let state: Mutex<State>

  /// Reads the counter; a device that has none begins at zero.
  /// - Throws: ``AgentError`` `audit` when it does not verify, `home` when it cannot be read.
  package init(path: String, identity: SigningIdentity) throws(AgentError) {
    self.path = path
    self.identity = identity
    let stored = try Self.read(path, key: identity.publicKey)
    let value = stored ?? AuditAnchor(device: DeviceID(of: identity.publicKey))
    state = Mutex(State(value: value, isStored: stored != nil))
  }

  /// What the counter says; nil where there is none.
  /// - Throws: ``AgentError`` `audit` when it does not verify, `home` when it cannot be read.
  package static func read(_ path: String, key: SigningKey) throws(AgentError) -> AuditAnchor? {
    let bytes = try AgentHome.guarded { () throws(SystemError) in try DurableFile.read(path, limit: 1 << 16) }
    guard let bytes else { return nil }
    guard let signed = try? Signed<AuditAnchor>(decoding: bytes), signed.body.device == DeviceID(of: key),
      (try? SignatureCheck.verify(signed.signature, label: .ledger, body: signed.bodyBytes, key: key)) != nil
    else {
      throw AgentError(
        .audit, "the counter \(path) is damaged or of another device",
        advice: "Restore it from a backup of the same day, or reset the camera and pair it anew.")
    }
    return signed.body
  }

  package var value: AuditAnchor { state.withLock { $0.value } }

  /// False until it was written for the first time.
  package var isStored: Bool { state.withLock { $0.isStored } }

  /// Raises what `change` raises; durable when it returns.
  /// - Throws: ``AgentError`` `rollback` when it would lower anything, `home` when it cannot be written.
  package func raise(_ change: (inout AuditAnchor) -> Void) throws(AgentError) {
    try state.withLock { state throws(AgentError) in
      var next = state.value
      change(&next)
      guard next != state.value || !state.isStored else { return }
      guard next.follows(state.value) else { throw Self.rollback("what is to be stored") }
      let bytes = identity.sign(next, .ledger).bytes
      try AgentHome.guarded { () throws(SystemError) in try DurableFile.write(bytes, to: path) }
      state.value = next
      state.isStored = true
    }
  }

  /// A pairing begins a roster anew, at its first entry, which names the policy that it takes over, or none where that is
  /// damaged or gone: the one thing that lowers a number. Only who has the board in hand pairs it.
  /// - Throws: ``AgentError`` `home` when it cannot be written.
  package func beginRoster(policyVersion: UInt64, policyHash: Digest) throws(AgentError) {
    try state.withLock { state throws(AgentError) in
      guard state.isStored else { return }
      var next = state.value
      (next.policyVersion, next.policyHash) = (policyVersion, policyHash)
      next.rosterVersion = 1
      next.accounts = [:]
      let bytes = identity.sign(next, .ledger).bytes
      try AgentHome.guarded { () throws(SystemError) in try DurableFile.write(bytes, to: path) }
      state.value = next
    }
  }

  /// Refuses a policy of an older disk; 0 and zero stand for none.
  /// - Throws: ``AgentError`` `rollback`.
  package func check(policyVersion: UInt64, hash: Digest) throws(AgentError) {
    let known = value
    guard policyVersion > known.policyVersion || (policyVersion == known.policyVersion && hash == known.policyHash)
    else { throw Self.rollback("the policy (version \(policyVersion), known is \(known.policyVersion))") }
  }

  /// Refuses a roster of an older disk; 0 stands for none.
  /// - Throws: ``AgentError`` `rollback`.
  package func check(rosterVersion: UInt64) throws(AgentError) {
    let known = value.rosterVersion
    guard rosterVersion >= known else {
      throw Self.rollback("the roster (version \(rosterVersion), known is \(known))")
    }
  }

  /// Refuses an account of an older disk.
  /// - Parameter isPolicyReadable: false for one that is there and does not verify.
  /// - Throws: ``AgentError`` `rollback`.
  func check(
    _ account: AccountID, chain: AccountChain?, policy: Signed<AccountPolicyDocument>?, isPolicyReadable: Bool
  ) throws(AgentError) {
    guard let known = value.accounts[account] else { return }
    var found = AuditAnchor.Account(
      chainVersion: chain?.version ?? 0, chainHead: chain?.head ?? .zero, policyVersion: known.policyVersion,
      policyHash: known.policyHash)
    guard found.follows(known) else {
      throw Self.rollback("an account (version \(found.chainVersion), known is \(known.chainVersion))")
    }
    guard isPolicyReadable else { return }
    found.policyVersion = policy?.body.version ?? 0
    found.policyHash = policy.map { Hashes.sha256($0.bytes) } ?? .zero
    guard found.follows(known) else {
      throw Self.rollback(
        "what an account allows of its own (version \(found.policyVersion), known is \(known.policyVersion))")
    }
  }

  /// A camera with a past has a counter, unless somebody took it away.
  static func missing(_ past: String) -> AgentError {
    AgentError(
      .rollback, "the counter beside the camera's key is missing, and \(past) is there",
      advice: "Everything is denied. Put the newest counter back, or name the folder it is in with --keys; where there "
        + "is none any more, begin anew: \(Self.anew)")
  }

  static func rollback(_ what: String) -> AgentError {
    AgentError(
      .rollback, "\(what) is older than the counter beside the camera's key: an older disk was brought back",
      advice: "Everything is denied. Restore the newest state folder, or begin anew: \(anew)")
  }

  /// A key that goes on without its past would be taken for one that was rolled back, so it goes as well.
  static let anew =
    "remove the agent's folder, and the folder of its keys where --keys names another, and pair the camera."
}
