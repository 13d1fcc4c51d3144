internal import PumpkiiSystem
package import PumpkiiWire

/// The files of the ledgers: `consent.0000000001` holds the entries from number 1 on, the next file those from its
/// number.
package struct AuditFolder: Sendable {
  private let folder: String

  package init(_ folder: String) { self.folder = folder }

  func path(_ log: AuditLog, from first: UInt64) -> String {
    let digits = "\(first)"
    return "\(folder)/\(log.name)." + String(repeating: "0", count: max(0, 10 - digits.count)) + digits
  }

  /// The first number of each file, ascending.
  /// - Throws: ``AgentError`` `home`.
  func files(_ log: AuditLog) throws(AgentError) -> [UInt64] {
    let names = try AgentHome.guarded { () throws(SystemError) in try DurableFile.list(folder) }
    let own = names.filter { $0.hasPrefix("\(log.name).") }
    return own.compactMap { UInt64($0.dropFirst(log.name.count + 1)) }.sorted()
  }

  /// - Throws: ``AgentError`` `home`.
  func read(_ log: AuditLog, from first: UInt64) throws(AgentError) -> [UInt8] {
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.read(path(log, from: first)) ?? [] }
  }

  /// All files' bytes, oldest first.
  /// - Throws: ``AgentError`` `home`.
  package func contents(_ log: AuditLog) throws(AgentError) -> [[UInt8]] {
    var contents: [[UInt8]] = []
    for first in try files(log) { contents.append(try read(log, from: first)) }
    return contents
  }

  /// An empty file for the entries from `first` on.
  func begin(_ log: AuditLog, from first: UInt64) throws(SystemError) {
    try DurableFile.makeFolder(folder)
    try DurableFile.write([], to: path(log, from: first))
  }
}
