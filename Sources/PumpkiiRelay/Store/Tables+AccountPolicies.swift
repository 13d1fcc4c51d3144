internal import FoundationEssentials
internal import GRDB
internal import PumpkiiWire

extension Tables {
  /// The signed document as it was received.
  func accountPolicy(_ account: AccountID) throws -> [UInt8]? {
    try Data.fetchOne(
      database, sql: "SELECT document FROM account_policy WHERE account = ?", arguments: [Data(account.bytes)]
    ).map { Array($0) }
  }

  func save(accountPolicy document: [UInt8], of account: AccountID) throws {
    try database.execute(
      sql: """
        INSERT INTO account_policy (account, document) VALUES (?, ?)
        ON CONFLICT (account) DO UPDATE SET document = excluded.document
        """,
      arguments: [Data(account.bytes), Data(document)])
  }
}
