internal import PumpkiiChain
internal import PumpkiiWire
internal import Synchronization

// Chains and cameras, decoded once. Signatures are checked outside the single writer, which would else be anybody's to
// keep busy; inside it, the revision tells whether what they were checked against still stands. What is remembered is
// remembered inside the writer, so that it can never be older than what is stored.
extension Relay {
  /// How often something is done anew because another change came between.
  static let attempts = 16

  /// An account's chain as it is stored.
  struct StoredChain: Sendable {
    let chain: AccountChain
    let revision: Int64

    /// What it takes in memory, about.
    var bytes: Int { chain.entries.reduce(4096) { $0 + $1.count + 1024 } }
  }

  struct Known: Sendable {
    var chains: ByteBoundCache<AccountID, StoredChain>
    var cameras: ByteBoundCache<DeviceID, Camera>
  }

  func chain(_ account: AccountID) async throws -> AccountChain? { try await stored(account)?.chain }

  func stored(_ account: AccountID) async throws -> StoredChain? {
    while true {
      if let stored = known.withLock({ $0.chains.value(account) }) { return stored }
      guard let row = try await store.read({ try $0.chain(account) }) else { return nil }
      let stored = StoredChain(chain: try AccountChain(entries: row.entries), revision: row.revision)
      let isCurrent = try await store.write { tables in
        guard try tables.revision(of: account) == row.revision else { return false }
        self.remember(stored)
        return true
      }
      if isCurrent { return stored }
    }
  }

  /// Called inside the writer, after the commit that made it true.
  func remember(_ stored: StoredChain) {
    known.withLock { $0.chains.put(stored, for: stored.chain.id, bytes: stored.bytes) }
  }

  /// The chains of those who signed some operations. One that cannot be read is one that is not there.
  func signers(of operations: some Sequence<[UInt8]> & Sendable) async throws -> [AccountID: AccountChain] {
    let accounts = Set(operations.compactMap { try? Signed<RosterOperation>(decoding: $0).body.account })
    var chains: [AccountID: AccountChain] = [:]
    for account in accounts {
      do { chains[account] = try await chain(account) } catch is ChainError { continue }
    }
    return chains
  }

  func camera(_ device: DeviceID) async throws -> Camera {
    guard let camera = try await existing(device) else { throw Relay.unknownCamera }
    return camera
  }

  func existing(_ device: DeviceID) async throws -> Camera? {
    while true {
      if let camera = known.withLock({ $0.cameras.value(device) }) { return camera }
      let found = try await store.read { tables in
        try tables.roster(device).map { ($0, try tables.operations(device), try tables.listed(device)) }
      }
      guard let (row, waiting, listed) = found else { return nil }
      let chains = try await signers(of: row.entries.dropFirst() + waiting)
      let camera = Camera(
        roster: try Roster.decode(entries: row.entries) { chains[$0] }, waiting: waiting, accounts: chains,
        revision: row.revision, listed: listed, now: Relay.now)
      let isCurrent = try await store.write { tables in
        guard try tables.revision(of: device) == row.revision else { return false }
        self.remember(camera)
        return true
      }
      if isCurrent { return camera }
    }
  }

  /// The same camera with other operations waiting, not stored yet.
  func renewed(_ camera: Camera, waiting: [[UInt8]]) async throws -> Camera {
    Camera(
      roster: camera.roster, waiting: waiting, accounts: try await signers(of: waiting), revision: camera.revision,
      listed: camera.listed, now: Relay.now)
  }

  /// Stores what `body` writes, where the stored camera is still the one that `camera` was made from.
  /// - Returns: the camera as it is now, nil when something came between: make it again from what is stored.
  func commit(_ camera: Camera, _ body: @escaping @Sendable (Tables) throws -> Void) async throws -> Camera? {
    let device = camera.roster.device
    return try await store.write { tables in
      guard try tables.revision(of: device) ?? 0 == camera.revision else { return nil }
      try body(tables)
      var new = camera
      new.revision += 1
      try tables.set(revision: new.revision, of: device)
      new.listed = try tables.listed(device)
      let stored = new
      // Whoever asked may be gone by then; a right that went is cut all the same.
      tables.afterCommit {
        self.remember(stored)
        self.refresh(stored)
      }
      return new
    }
  }

  /// Called inside the writer, after the commit that made it true.
  private func remember(_ camera: Camera) {
    known.withLock { $0.cameras.put(camera, for: camera.roster.device, bytes: camera.bytes) }
  }

  /// Cameras whose listing another one has changed.
  func forget(_ devices: Set<DeviceID>, _ tables: Tables) throws {
    for device in devices { try tables.set(revision: (tables.revision(of: device) ?? 0) + 1, of: device) }
    tables.afterCommit { self.known.withLock { known in for device in devices { known.cameras.remove(device) } } }
  }

  /// An account uses a camera that names it, and wants to hear of it.
  func accept(_ device: DeviceID, _ account: AccountID) async throws {
    let camera = try await camera(device)
    guard camera.listed[account] != true, camera.accounts.contains(account) else { return }
    // When something came between, the next use will do.
    _ = try await commit(camera) { try $0.accept(account, device) }
  }

  static let busy = Problem.tooMany(retryAfter: 1)
  static let unknownCamera = Problem.unknown("camera-unknown", "no camera of this id has put its roster here")
  static let noRights = Problem.forbidden("camera-no-rights", "this account has no such right at this camera")
}
