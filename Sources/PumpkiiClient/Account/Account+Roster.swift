internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiWire

extension Account {
  /// A camera's roster, taken on from what was verified before. A shorter one is an old copy of the relay's and ours
  /// stands; another order is an alarm.
  /// - Throws: ``ClientError``: `chain-fork`, or whatever does not verify.
  func syncRoster(_ device: DeviceID) async throws(ClientError) -> Roster {
    let stored = try files.read(files.roster(device))
    let known = try ClientError.translating { try stored.map { try EntryList.decode($0) } ?? [] }
    let path = "/v1/cameras/\(device.hex)/roster"
    let bytes = try await ask { () async throws(TransportError) -> [UInt8] in
      do throws(TransportError) { return try await connection.get(path, limit: 16 << 20) } catch {
        // A camera that has not been at the relay since it was paired: what pairing agreed on stands.
        guard error.status == 404, !known.isEmpty else { throw error }
        return []
      }
    }
    let offered = try ClientError.translating { try EntryList.decode(bytes) }
    let entries = offered.count < known.count && known.starts(with: offered) ? known : offered
    guard entries.starts(with: known) else {
      throw ClientError(
        .rolledBack, "the roster of camera \(device.hex) is not the one this account saw before",
        advice: "do not trust this camera until its owner explains it")
    }
    let roster = try await verify(entries, device)
    try keep(roster, isNew: entries.count > known.count)
    return roster
  }

  private func verify(_ entries: [[UInt8]], _ device: DeviceID) async throws(ClientError) -> Roster {
    let chains = try await chains(for: entries)
    return try ClientError.translating {
      let roster = try Roster.decode(entries: entries) { chains[$0] }
      guard roster.device == device else {
        throw ClientError(.rolledBack, "the relay gave another camera's roster than \(device.hex)")
      }
      return roster
    }
  }

  /// The chains of all who signed. What is stored is used where it knows the head that was named.
  private func chains(for entries: [[UInt8]]) async throws(ClientError) -> [AccountID: AccountChain] {
    var chains: [AccountID: AccountChain] = [accountID: chain]
    for entry in entries.dropFirst() {
      let operation = try ClientError.translating { try Signed<RosterOperation>(decoding: entry).body }
      let account = operation.account
      if chains[account] == nil { chains[account] = try files.readChain(account) }
      let head = (operation.accountVersion, operation.accountHead)
      if chains[account]?.contains(version: head.0, head: head.1) == true { continue }
      chains[account] = try await fetchChain(of: account)
    }
    return chains
  }

  private func keep(_ roster: Roster, isNew: Bool) throws(ClientError) {
    guard isNew, try isVouched(for: roster) else { return }
    try remember(roster.device) { record in
      record.rosterVersion = roster.version
      record.owner = roster.owners.first?.hex ?? record.owner
    }
    try files.write(EntryList.encode(roster.entries), to: files.roster(roster.device))
  }

  /// The roster as it was verified last, nil before the first; nothing is asked for.
  /// - Throws: ``ClientError``.
  func knownRoster(_ device: DeviceID) throws(ClientError) -> Roster? {
    guard let bytes = try files.read(files.roster(device)) else { return nil }
    return try ClientError.translating { try Roster.decodeStructure(entries: EntryList.decode(bytes)) }
  }

  /// Notes what a key message proves to exist, so that nothing older is taken for live any more.
  /// - Throws: ``ClientError`` `client-home`.
  func remember(_ device: DeviceID, epoch: UInt32, roster: UInt64) throws(ClientError) {
    try remember(device) { record in
      record.epoch = epoch
      record.epochRoster = roster
    }
  }

  /// The newest key message of a camera as the relay has it: to an owner the head and all entries, to a guest the own
  /// one; nil before the first.
  /// - Throws: ``ClientError``; a head that does not verify, or entries that it does not name.
  func newestKeyMessage(_ device: DeviceID) async throws(ClientError) -> ReceivedKeyMessage? {
    let path = "/v1/cameras/\(device.hex)/keys/newest"
    let bytes = try await ask { () async throws(TransportError) -> [UInt8]? in
      do throws(TransportError) { return try await connection.get(path, limit: 2 << 20) } catch {
        if error.status == 404 { return nil }
        throw error
      }
    }
    guard let bytes, !bytes.isEmpty else { return nil }
    return try ClientError.translating { try ReceivedKeyMessage(bytes, device: device) }
  }
}
