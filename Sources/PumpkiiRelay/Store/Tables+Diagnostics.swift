internal import FoundationEssentials
internal import GRDB
internal import PumpkiiWire

extension Tables {
  /// A report as it is stored.
  struct StoredReport: Sendable, Equatable {
    /// Unix µs.
    let received: UInt64
    let json: [UInt8]
  }

  /// Reports kept of one sender; the oldest go.
  static let reportsPerSender = 64

  func add(report: StoredReport, of sender: String) throws {
    try database.execute(
      sql: "INSERT INTO diagnostics (sender, received, report) VALUES (?, ?, ?)",
      arguments: [sender, Int64(bitPattern: report.received), Data(report.json)])
    try database.execute(
      sql: """
        DELETE FROM diagnostics WHERE sender = ? AND number NOT IN
          (SELECT number FROM diagnostics WHERE sender = ? ORDER BY number DESC LIMIT ?)
        """,
      arguments: [sender, sender, Self.reportsPerSender])
  }

  /// Oldest first.
  func reports(of sender: String) throws -> [StoredReport] {
    try Row.fetchAll(
      database, sql: "SELECT received, report FROM diagnostics WHERE sender = ? ORDER BY number", arguments: [sender]
    ).map { row in
      let (received, report): (Int64, Data) = (row[0], row[1])
      return StoredReport(received: UInt64(bitPattern: received), json: Array(report))
    }
  }

  func removeReports(of sender: String) throws {
    try database.execute(sql: "DELETE FROM diagnostics WHERE sender = ?", arguments: [sender])
  }

  /// Removes a sender's reports that hold any other kind than `kinds`, and what cannot be read.
  func removeReports(of sender: String, exceptOf kinds: Set<Diagnostics.Kind>) throws {
    let rows = try Row.fetchAll(
      database, sql: "SELECT number, report FROM diagnostics WHERE sender = ?", arguments: [sender])
    for row in rows {
      let (number, json): (Int64, Data) = (row[0], row[1])
      if let report = try? DiagnosticsReport(json: Array(json)), report.kinds.isSubset(of: kinds) { continue }
      try database.execute(sql: "DELETE FROM diagnostics WHERE number = ?", arguments: [number])
    }
  }

  func removeReports(before instant: UInt64) throws {
    try database.execute(
      sql: "DELETE FROM diagnostics WHERE received < ?", arguments: [Int64(bitPattern: instant)])
  }
}
