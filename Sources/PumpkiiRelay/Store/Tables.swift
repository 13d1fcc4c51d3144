internal import FoundationEssentials
internal import GRDB
internal import PumpkiiWire

/// The tables inside one transaction. Chains and messages are bytes as received.
struct Tables {
  /// A key message as it was stored.
  struct KeyMessage: Sendable, Equatable {
    let epoch: UInt32
    let head: [UInt8]
    let entries: [[UInt8]]
  }

  struct Policy: Sendable, Equatable {
    let version: UInt64
    let bytes: [UInt8]
  }

  let database: Database

  /// Runs when the transaction is on disk, before the next one begins.
  func afterCommit(_ body: @escaping @Sendable () -> Void) {
    database.afterNextTransaction { _ in body() }
  }

  // MARK: Accounts

  func chain(_ account: AccountID) throws -> (entries: [[UInt8]], revision: Int64)? {
    let row = try Row.fetchOne(
      database, sql: "SELECT chain, revision FROM account WHERE id = ?", arguments: [Data(account.bytes)])
    return try row.map { row in
      let (bytes, revision): (Data, Int64) = (row[0], row[1])
      return (try EntryList.decode(Array(bytes)), revision)
    }
  }

  func revision(of account: AccountID) throws -> Int64? {
    try Int64.fetchOne(
      database, sql: "SELECT revision FROM account WHERE id = ?", arguments: [Data(account.bytes)])
  }

  /// Stores a chain where the stored one is still of the revision before; revision 1 is a new account.
  /// - Returns: whether it was.
  func save(chain: [[UInt8]], of account: AccountID, revision: Int64) throws -> Bool {
    let (id, bytes) = (Data(account.bytes), Data(EntryList.encode(chain)))
    if revision == 1 {
      try database.execute(
        sql: "INSERT INTO account (id, chain, revision) VALUES (?, ?, 1) ON CONFLICT (id) DO NOTHING",
        arguments: [id, bytes])
    } else {
      try database.execute(
        sql: "UPDATE account SET chain = ?, revision = ? WHERE id = ? AND revision = ?",
        arguments: [bytes, revision, id, revision - 1])
    }
    return database.changesCount > 0
  }

  func accountCount() throws -> Int { try Int.fetchOne(database, sql: "SELECT count(*) FROM account") ?? 0 }

  func announcements(_ account: AccountID) throws -> [[UInt8]] {
    try bytes("SELECT announcements FROM sealing_keys WHERE account = ?", account).map { try EntryList.decode($0) }
      ?? []
  }

  func save(announcements: [[UInt8]], of account: AccountID) throws {
    try database.execute(
      sql: """
        INSERT INTO sealing_keys (account, announcements) VALUES (?, ?)
        ON CONFLICT (account) DO UPDATE SET announcements = excluded.announcements
        """,
      arguments: [Data(account.bytes), Data(EntryList.encode(announcements))])
  }

  // MARK: Cameras

  func roster(_ device: DeviceID) throws -> (entries: [[UInt8]], revision: Int64)? {
    let row = try Row.fetchOne(
      database, sql: "SELECT roster, revision FROM camera WHERE device = ?", arguments: [Data(device.bytes)])
    return try row.map { row in
      let (bytes, revision): (Data, Int64) = (row[0], row[1])
      return (try EntryList.decode(Array(bytes)), revision)
    }
  }

  func revision(of device: DeviceID) throws -> Int64? {
    try Int64.fetchOne(
      database, sql: "SELECT revision FROM camera WHERE device = ?", arguments: [Data(device.bytes)])
  }

  func set(revision: Int64, of device: DeviceID) throws {
    try database.execute(
      sql: "UPDATE camera SET revision = ? WHERE device = ?", arguments: [revision, Data(device.bytes)])
  }

  func cameraCount() throws -> Int { try Int.fetchOne(database, sql: "SELECT count(*) FROM camera") ?? 0 }

  func save(roster: [[UInt8]], of device: DeviceID) throws {
    try database.execute(
      sql: """
        INSERT INTO camera (device, roster) VALUES (?, ?)
        ON CONFLICT (device) DO UPDATE SET roster = excluded.roster
        """,
      arguments: [Data(device.bytes), Data(EntryList.encode(roster))])
  }

  // MARK: Who is named by which camera

  /// Cameras that name an account which never used them; beyond it the oldest are not listed.
  static let unaccepted = 16

  /// The accounts of a camera, and whether each ever used it.
  func listed(_ device: DeviceID) throws -> [AccountID: Bool] {
    let rows = try Row.fetchAll(
      database, sql: "SELECT account, accepted FROM camera_account WHERE device = ?", arguments: [Data(device.bytes)])
    var listed: [AccountID: Bool] = [:]
    for row in rows {
      let (account, isAccepted): (Data, Bool) = (row[0], row[1])
      listed[try AccountID(Array(account))] = isAccepted
    }
    return listed
  }

  /// Lists a camera under those whom its roster names now. Anybody can name anybody: an account keeps the newest few of
  /// the cameras that it never used.
  /// - Returns: the cameras that went from the list of an account for this one.
  func list(_ device: DeviceID, accounts: Set<AccountID>, now: UInt64) throws -> Set<DeviceID> {
    let before = try listed(device)
    for account in before.keys where !accounts.contains(account) {
      try database.execute(
        sql: "DELETE FROM camera_account WHERE account = ? AND device = ?",
        arguments: [Data(account.bytes), Data(device.bytes)])
    }
    var gone: Set<DeviceID> = []
    for account in accounts where before[account] == nil {
      try database.execute(
        sql: "INSERT INTO camera_account (account, device, since) VALUES (?, ?, ?)",
        arguments: [Data(account.bytes), Data(device.bytes), Int64(bitPattern: now)])
      gone.formUnion(try forgetOldest(of: account))
    }
    return gone
  }

  private func forgetOldest(of account: AccountID) throws -> [DeviceID] {
    let oldest = try Data.fetchAll(
      database,
      sql: """
        SELECT device FROM camera_account WHERE account = ? AND accepted = 0 ORDER BY since DESC, device
        LIMIT -1 OFFSET ?
        """,
      arguments: [Data(account.bytes), Self.unaccepted])
    for device in oldest {
      try database.execute(
        sql: "DELETE FROM camera_account WHERE account = ? AND device = ?", arguments: [Data(account.bytes), device])
    }
    return try oldest.map { try DeviceID(Array($0)) }
  }

  /// An account used a camera that names it.
  func accept(_ account: AccountID, _ device: DeviceID) throws {
    try database.execute(
      sql: """
        INSERT INTO camera_account (account, device, accepted) VALUES (?, ?, 1)
        ON CONFLICT (account, device) DO UPDATE SET accepted = 1
        """,
      arguments: [Data(account.bytes), Data(device.bytes)])
  }

  func cameras(of account: AccountID) throws -> [DeviceID] {
    try Data.fetchAll(
      database, sql: "SELECT device FROM camera_account WHERE account = ? ORDER BY device",
      arguments: [Data(account.bytes)]
    ).map { try DeviceID(Array($0)) }
  }

  func policy(_ device: DeviceID) throws -> Policy? {
    let row = try Row.fetchOne(
      database, sql: "SELECT policy, policy_version FROM camera WHERE device = ? AND policy IS NOT NULL",
      arguments: [Data(device.bytes)])
    return row.map { row in
      let (bytes, version): (Data, Int64) = (row[0], row[1])
      return Policy(version: UInt64(bitPattern: version), bytes: Array(bytes))
    }
  }

  func save(policy: Policy, of device: DeviceID) throws {
    try database.execute(
      sql: "UPDATE camera SET policy = ?, policy_version = ? WHERE device = ?",
      arguments: [Data(policy.bytes), Int64(bitPattern: policy.version), Data(device.bytes)])
  }

  // MARK: Operations that wait for their device

  func operations(_ device: DeviceID) throws -> [[UInt8]] {
    try Data.fetchAll(
      database, sql: "SELECT bytes FROM operation WHERE device = ? ORDER BY number", arguments: [Data(device.bytes)]
    ).map { Array($0) }
  }

  func add(operation: [UInt8], _ hash: Digest, of device: DeviceID) throws {
    try database.execute(
      sql: "INSERT INTO operation (device, hash, bytes) VALUES (?, ?, ?) ON CONFLICT (device, hash) DO NOTHING",
      arguments: [Data(device.bytes), Data(hash.bytes), Data(operation)])
  }

  /// - Returns: whether there was one.
  @discardableResult
  func remove(operation hash: Digest, of device: DeviceID) throws -> Bool {
    try database.execute(
      sql: "DELETE FROM operation WHERE device = ? AND hash = ?", arguments: [Data(device.bytes), Data(hash.bytes)])
    return database.changesCount > 0
  }

  // MARK: Key messages

  func keys(_ device: DeviceID, epoch: UInt32) throws -> KeyMessage? {
    try keyMessage(
      "SELECT epoch, head, entries FROM key_message WHERE device = ? AND epoch = ?", [Data(device.bytes), Int64(epoch)])
  }

  func newestKeys(_ device: DeviceID) throws -> KeyMessage? {
    try keyMessage(
      "SELECT epoch, head, entries FROM key_message WHERE device = ? ORDER BY epoch DESC LIMIT 1", [Data(device.bytes)])
  }

  /// Stores a message and forgets the oldest ones beyond `limit`.
  func save(keys: KeyMessage, of device: DeviceID, limit: Int) throws {
    try database.execute(
      sql: "INSERT INTO key_message (device, epoch, head, entries) VALUES (?, ?, ?, ?)",
      arguments: [
        Data(device.bytes), Int64(keys.epoch), Data(keys.head), Data(EntryList.encode(keys.entries)),
      ])
    try database.execute(
      sql: """
        DELETE FROM key_message WHERE device = ? AND epoch NOT IN
          (SELECT epoch FROM key_message WHERE device = ? ORDER BY epoch DESC LIMIT ?)
        """,
      arguments: [Data(device.bytes), Data(device.bytes), limit])
  }

  private func keyMessage(_ sql: String, _ arguments: StatementArguments) throws -> KeyMessage? {
    guard let row = try Row.fetchOne(database, sql: sql, arguments: arguments) else { return nil }
    let (epoch, head, entries): (Int64, Data, Data) = (row[0], row[1], row[2])
    return KeyMessage(
      epoch: UInt32(truncatingIfNeeded: epoch), head: Array(head), entries: try EntryList.decode(Array(entries)))
  }

  private func bytes(_ sql: String, _ id: some FixedBytes) throws -> [UInt8]? {
    try Data.fetchOne(database, sql: sql, arguments: [Data(id.bytes)]).map { Array($0) }
  }
}
