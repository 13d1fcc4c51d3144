internal import FoundationEssentials
internal import GRDB
internal import PumpkiiSystem

/// What the relay keeps, in one SQLite file. Acknowledged means stored: the write-ahead log is synced at each commit.
package final class RelayStore: Sendable {
  /// The SQL type of every column stands for what SQLite keeps; the subset is one that PostgreSQL shares.
  private static let schema = """
    CREATE TABLE account (id BLOB PRIMARY KEY, chain BLOB NOT NULL);
    CREATE TABLE sealing_keys (account BLOB PRIMARY KEY, announcements BLOB NOT NULL);
    CREATE TABLE camera (
      device BLOB PRIMARY KEY, roster BLOB NOT NULL, policy BLOB, policy_version INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE camera_account (
      account BLOB NOT NULL, device BLOB NOT NULL, PRIMARY KEY (account, device));
    CREATE TABLE operation (
      number INTEGER PRIMARY KEY AUTOINCREMENT, device BLOB NOT NULL, hash BLOB NOT NULL, bytes BLOB NOT NULL,
      UNIQUE (device, hash));
    CREATE TABLE key_message (
      device BLOB NOT NULL, epoch INTEGER NOT NULL, head BLOB NOT NULL, entries BLOB NOT NULL,
      PRIMARY KEY (device, epoch));
    """

  /// Revisions let what was verified outside the writer be stored only where nothing came between. An account has
  /// accepted a camera once it used it; whoever stood in a roster before this was kept counts as having done so.
  private static let revisions = """
    ALTER TABLE account ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE camera ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE camera_account ADD COLUMN accepted INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE camera_account ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
    UPDATE camera_account SET accepted = 1;
    CREATE INDEX camera_account_device ON camera_account (device);
    """

  /// Clips by their number, which is below 2^63. Of one that is gone the number and the reason stay, so that a hole is
  /// told from a loss.
  private static let clips = """
    CREATE TABLE clip (
      device BLOB NOT NULL, number INTEGER NOT NULL, blob TEXT, bytes INTEGER NOT NULL, stored INTEGER NOT NULL,
      hash BLOB NOT NULL, classes INTEGER NOT NULL, gone TEXT, PRIMARY KEY (device, number));
    CREATE INDEX clip_stored ON clip (stored);
    """

  /// What each person allows of their own.
  private static let accountPolicies = """
    CREATE TABLE account_policy (account BLOB PRIMARY KEY, document BLOB NOT NULL);
    """

  /// Reports by who sent them.
  private static let diagnostics = """
    CREATE TABLE diagnostics (
      number INTEGER PRIMARY KEY AUTOINCREMENT, sender TEXT NOT NULL, received INTEGER NOT NULL, report BLOB NOT NULL);
    CREATE INDEX diagnostics_sender ON diagnostics (sender);
    """

  private let pool: DatabasePool

  /// Opens or makes the file.
  /// - Throws: ``RelayError`` `relay-store`.
  package init(path: String) throws(RelayError) {
    do {
      var configuration = Configuration()
      configuration.label = "relay"
      configuration.maximumReaderCount = 4
      configuration.busyMode = .timeout(5)
      try Self.makePrivate(path)
      pool = try DatabasePool(path: path, configuration: configuration)
      try Self.makeDurable(pool)
      var migrator = DatabaseMigrator()
      migrator.registerMigration("1") { try $0.execute(sql: Self.schema) }
      migrator.registerMigration("2") { try $0.execute(sql: Self.revisions) }
      migrator.registerMigration("3") { try $0.execute(sql: Self.clips) }
      migrator.registerMigration("4") { try $0.execute(sql: Self.accountPolicies) }
      migrator.registerMigration("5") { try $0.execute(sql: Self.diagnostics) }
      try migrator.migrate(pool)
    } catch let error as RelayError {
      throw error
    } catch {
      throw RelayError(.store, "the database cannot be opened: \(error)")
    }
  }

  /// Who is whose guest is nobody else's: the file is its owner's alone before SQLite sees it, which then makes the
  /// write-ahead log and its index with the same mode. Those of an older relay are mended.
  private static func makePrivate(_ path: String) throws {
    try DurableFile.append([], to: path, mode: 0o600, sync: false)
    for file in [path, "\(path)-wal", "\(path)-shm"] where DurableFile.exists(file) {
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
    }
  }

  /// GRDB sets `synchronous = NORMAL` on the writer when it turns the write-ahead log on, which may lose the last
  /// commits in a power cut; it is set anew afterwards, and read back.
  private static func makeDurable(_ pool: DatabasePool) throws {
    try pool.writeWithoutTransaction { database in
      try database.execute(sql: "PRAGMA synchronous = FULL")
      let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
      let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
      guard level == 2, mode == "wal" else {
        throw RelayError(
          .store, "the database does not sync its commits (synchronous \(level ?? -1), journal \(mode ?? "-"))")
      }
    }
  }

  /// One transaction, alone; returns when it is on disk.
  func write<Value: Sendable>(_ body: @escaping @Sendable (Tables) throws -> Value) async throws -> Value {
    try await pool.write { try body(Tables(database: $0)) }
  }

  /// Reads what was committed.
  func read<Value: Sendable>(_ body: @escaping @Sendable (Tables) throws -> Value) async throws -> Value {
    try await pool.read { try body(Tables(database: $0)) }
  }

  /// What the writer's connection says about `synchronous`: 2 is FULL.
  /// - Throws: what SQLite says.
  package func synchronousLevel() async throws -> Int? {
    try await pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
  }

  /// Closes the file; nothing may be asked of it afterwards.
  /// - Throws: what SQLite says.
  package func close() throws { try pool.close() }
}
