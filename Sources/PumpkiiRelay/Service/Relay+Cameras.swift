internal import PumpkiiChain
internal import PumpkiiWire
internal import Synchronization

// Rosters, what waits for a device, and the policy.
extension Relay {
  /// Takes a device's roster: the first one claims the camera, later ones extend it. `charge` is told how many
  /// signatures there are to check.
  func extend(
    _ device: DeviceID, with entries: [[UInt8]], charge: (Int) throws -> Void
  ) async throws -> Camera {
    var isCharged = false
    for _ in 0..<Relay.attempts {
      let old = try await existing(device)
      let known = old?.roster.entries.count ?? 0
      if !isCharged { try charge(max(0, entries.count - known)) }
      isCharged = true
      let roster = try await extended(old?.roster, with: entries)
      guard roster.device == device else {
        throw Problem.forbidden("chain-wrong-device", "the roster is of another device")
      }
      if let old, old.roster.version == roster.version { return old }
      let waiting = (old?.waiting ?? []).filter { !roster.contains(operation: Hashes.sha256($0)) }
      let next = Camera(
        roster: roster, waiting: waiting, accounts: try await signers(of: waiting), revision: old?.revision ?? 0,
        listed: [:], now: Relay.now)
      guard let camera = try await commit(next, { try self.store(next, in: $0, instead: old) }) else { continue }
      let told = (old?.listed ?? [:]).merging(camera.listed) { $1 }
      hints.tell(.roster, .roster(device, camera.roster.version), of: device, to: told)
      return camera
    }
    throw Relay.busy
  }

  private func extended(_ old: Roster?, with entries: [[UInt8]]) async throws -> Roster {
    guard var roster = old else {
      let chains = try await signers(of: entries.dropFirst())
      return try Roster.decode(entries: entries) { chains[$0] }
    }
    let chains = try await signers(of: entries.dropFirst(roster.entries.count))
    try roster.extend(entries: entries) { chains[$0] }
    return roster
  }

  private func store(_ camera: Camera, in tables: Tables, instead old: Camera?) throws {
    let device = camera.roster.device
    if old == nil, try tables.cameraCount() >= configuration.limits.cameras {
      throw Problem.conflict("relay-full", "no more cameras here")
    }
    for operation in old?.waiting ?? [] where !camera.waiting.contains(operation) {
      try tables.remove(operation: Hashes.sha256(operation), of: device)
    }
    try tables.save(roster: camera.roster.entries, of: device)
    try Self.dropReports(of: camera, instead: old, in: tables)
    try forget(tables.list(device, accounts: camera.accounts, now: Relay.now), tables)
  }

  /// Queues an operation for its device. What only takes away holds here at once.
  func queue(_ bytes: [UInt8], for device: DeviceID, by client: ClientIdentity) async throws -> Digest {
    let hash = Hashes.sha256(bytes)
    for _ in 0..<Relay.attempts {
      let old = try await camera(device)
      try check(bytes, old, client)
      // A retry of what the device has taken, or what waits already, is done.
      if old.roster.contains(operation: hash) || old.waiting.contains(bytes) {
        events.send(.operation(hash), to: device)
        return hash
      }
      guard old.waiting.count < configuration.limits.operationsPerCamera else {
        throw Problem.conflict("operations-full", "too many operations wait for this device")
      }
      let next = try await renewed(old, waiting: old.waiting + [bytes])
      let isTaken = try await commit(next) { tables in
        try tables.add(operation: bytes, hash, of: device)
        try Self.dropReports(of: next, instead: old, in: tables)
      }
      guard isTaken != nil else { continue }
      events.send(.operation(hash), to: device)
      return hash
    }
    throw Relay.busy
  }

  /// Whose operation it is and whether that account may ask for it; the rest is the device's to judge.
  private func check(_ bytes: [UInt8], _ camera: Camera, _ client: ClientIdentity) throws {
    guard bytes.count <= WireLimits.chainEntryBytes else { throw Problem.tooLarge }
    let signed = try Signed<RosterOperation>(decoding: bytes)
    let operation = signed.body
    guard operation.device == camera.roster.device else {
      throw Problem.bad("operation-wrong-device", "the operation is for another device")
    }
    guard operation.client == client.client, operation.account == client.account else {
      throw Problem.forbidden("operation-wrong-signer", "the operation is of another client than the token")
    }
    try SignatureCheck.verify(signed.signature, label: .roster, body: signed.bodyBytes, key: client.key)
    guard camera.mayAsk(operation, now: Relay.now) || camera.roster.contains(operation: Hashes.sha256(bytes)) else {
      throw Problem.forbidden("operation-not-allowed", "this account may not ask this of the camera")
    }
  }

  /// A device has answered an operation.
  func remove(_ hash: Digest, of device: DeviceID) async throws {
    for _ in 0..<Relay.attempts {
      let old = try await camera(device)
      let waiting = old.waiting.filter { Hashes.sha256($0) != hash }
      guard waiting.count < old.waiting.count else { return }
      let next = try await renewed(old, waiting: waiting)
      if try await commit(next, { try $0.remove(operation: hash, of: device) }) != nil { return }
    }
    throw Relay.busy
  }

  /// Stores a policy document, which the device fetches.
  func setPolicy(_ bytes: [UInt8], of device: DeviceID, by client: ClientIdentity) async throws -> UInt64 {
    for _ in 0..<Relay.attempts {
      let camera = try await camera(device)
      guard camera.owns(client.account) else { throw Relay.noRights }
      let signer = (try? Signed<PolicyDocument>(decoding: bytes))?.body.account
      var chains: [AccountID: AccountChain] = [:]
      if let signer { chains[signer] = try await chain(signer) }
      let document = try PolicyCheck.verify(bytes, roster: camera.roster) { [chains] in chains[$0] }.body
      let policy = Tables.Policy(version: document.version, bytes: bytes)
      guard try await commit(camera, { try self.store(policy, of: camera, in: $0) }) != nil else { continue }
      events.send(.policy(document.version), to: device)
      return document.version
    }
    throw Relay.busy
  }

  /// A policy that the camera's roster names already, from the camera itself: it took it over from an owner that no
  /// relay knew.
  func keepNamedPolicy(_ bytes: [UInt8], of device: DeviceID) async throws -> UInt64 {
    for _ in 0..<Relay.attempts {
      let camera = try await camera(device)
      guard Hashes.sha256(bytes) == camera.roster.policy.hash,
        let signer = (try? Signed<PolicyDocument>(decoding: bytes))?.body.account
      else { throw Problem.conflict("policy-unnamed", "the camera's roster names another policy") }
      let chain = try await chain(signer)
      let document = try PolicyCheck.verify(bytes, roster: camera.roster) { $0 == chain?.id ? chain : nil }.body
      let policy = Tables.Policy(version: document.version, bytes: bytes)
      guard try await commit(camera, { try self.store(policy, of: camera, in: $0) }) != nil else { continue }
      return document.version
    }
    throw Relay.busy
  }

  private func store(_ policy: Tables.Policy, of camera: Camera, in tables: Tables) throws {
    let old = try tables.policy(camera.roster.device)
    if old == policy { return }
    // One of the same version gives way only while no roster has named it.
    let isNamed = old.map { Hashes.sha256($0.bytes) == camera.roster.policy.hash } ?? false
    guard policy.version > old?.version ?? 0 || (policy.version == old?.version && !isNamed) else {
      throw Problem.conflict("policy-older", "a policy of this or a higher version is stored")
    }
    try tables.save(policy: policy, of: camera.roster.device)
  }

  /// Forwards a command to a device that listens.
  func command(_ bytes: [UInt8], to device: DeviceID, by client: ClientIdentity) async throws {
    let camera = try await camera(device)
    let now = Relay.now
    let rights = camera.rights(of: client.account, now: now)
    guard rights.isOwner || !rights.classes.isEmpty else { throw Relay.noRights }
    let line = "\(client.client.hex) \(device.hex)"
    if let wait = limiter.take("command \(line)", configuration.limits.commands) {
      throw Problem.tooMany(retryAfter: wait)
    }
    let last = commandCounters.withLock { $0[line] ?? 0 }
    let command = try CommandCheck.verify(bytes, key: client.key, device: device, now: now, lastCounter: last).body
    guard command.kind == .photo ? rights.classes.contains(.photo) : rights.isOwner else { throw Relay.noRights }
    guard events.isOpen(device) else { throw Problem.conflict("camera-offline", "the camera is not connected") }
    commandCounters.withLock { counters in
      if counters.count >= 1 << 16 { counters.removeAll() }
      counters[line] = max(command.counter, counters[line] ?? 0)
    }
    events.send(.command(bytes), to: device)
  }
}

extension Camera {
  /// Owners may ask for anything; a guest may give its own grant back, and narrow where it may steer.
  func mayAsk(_ operation: RosterOperation, now: UInt64) -> Bool {
    if owns(operation.account) { return true }
    switch operation.change {
    case .revoke(let target): return effective.grants[target]?.account == operation.account
    case .narrow: return effective.mayControl(operation.account, now: now)
    case .grant, .setPolicy, .addOwner, .removeOwner: return false
    }
  }
}
