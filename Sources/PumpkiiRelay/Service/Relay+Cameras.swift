internal import PumpkiiChain
internal import PumpkiiWire
internal import Synchronization

// Rosters, what waits for a device, and the policy.
extension Relay {
  /// Takes a device's roster: the first one claims the camera, later ones extend it.
  func extend(_ device: DeviceID, with entries: [[UInt8]]) async throws -> Camera {
    let limit = configuration.limits.cameras
    let (old, camera) = try await store.write { tables in
      let old = try self.camera(device, tables)
      let roster = try self.extended(old?.roster, with: entries, tables)
      guard roster.device == device else {
        throw Problem.forbidden("chain-wrong-device", "the roster is of another device")
      }
      if let old, old.roster == roster { return (old, old) }
      if old == nil, try tables.cameraCount() >= limit {
        throw Problem.conflict("relay-full", "no more cameras here")
      }
      for operation in old?.waiting ?? [] {
        let hash = Hashes.sha256(operation)
        if roster.contains(operation: hash) { try tables.remove(operation: hash, of: device) }
      }
      let camera = try self.makeCamera(roster, tables)
      try tables.save(roster: roster.entries, of: device, accounts: camera.accounts)
      tables.afterCommit { self.remember(camera) }
      return (old ?? camera, camera)
    }
    refresh(camera)
    events.send(.roster(device, camera.roster.version), to: old.accounts.union(camera.accounts))
    return camera
  }

  private func extended(_ old: Roster?, with entries: [[UInt8]], _ tables: Tables) throws -> Roster {
    guard var roster = old else { return try Roster.decode(entries: entries, accounts: lookup(tables)) }
    try roster.extend(entries: entries, accounts: lookup(tables))
    return roster
  }

  /// Queues an operation for its device. What only takes away holds here at once.
  func queue(_ bytes: [UInt8], for device: DeviceID, by client: ClientIdentity) async throws -> Digest {
    let limit = configuration.limits.operationsPerCamera
    let hash = Hashes.sha256(bytes)
    let camera = try await store.write { tables in
      guard let camera = try self.camera(device, tables) else { throw Relay.unknownCamera }
      try self.check(bytes, camera, client)
      // A retry of what the device has taken, or what waits already, is done.
      if camera.roster.contains(operation: hash) || camera.waiting.contains(bytes) { return camera }
      guard camera.waiting.count < limit else {
        throw Problem.conflict("operations-full", "too many operations wait for this device")
      }
      try tables.add(operation: bytes, hash, of: device)
      let new = try self.makeCamera(camera.roster, tables)
      tables.afterCommit { self.remember(new) }
      return new
    }
    refresh(camera)
    events.send(.operation(hash), to: device)
    return hash
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
    let camera = try await store.write { tables -> Camera? in
      guard let camera = try self.camera(device, tables) else { throw Relay.unknownCamera }
      guard try tables.remove(operation: hash, of: device) else { return nil }
      let new = try self.makeCamera(camera.roster, tables)
      tables.afterCommit { self.remember(new) }
      return new
    }
    if let camera { refresh(camera) }
  }

  /// Stores a policy document, which the device fetches.
  func setPolicy(_ bytes: [UInt8], of device: DeviceID, by client: ClientIdentity) async throws -> UInt64 {
    let version = try await store.write { tables in
      guard let camera = try self.camera(device, tables) else { throw Relay.unknownCamera }
      guard camera.owns(client.account) else { throw Relay.noRights }
      let document = try PolicyCheck.verify(bytes, roster: camera.roster, accounts: self.lookup(tables)).body
      let old = try tables.policy(device)
      if old?.bytes == bytes { return document.version }
      // One of the same version gives way only while no roster has named it.
      let isNamed = old.map { Hashes.sha256($0.bytes) == camera.roster.policy.hash } ?? false
      guard document.version > old?.version ?? 0 || (document.version == old?.version && !isNamed) else {
        throw Problem.conflict("policy-older", "a policy of this or a higher version is stored")
      }
      try tables.save(policy: Tables.Policy(version: document.version, bytes: bytes), of: device)
      return document.version
    }
    events.send(.policy(version), to: device)
    return version
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
