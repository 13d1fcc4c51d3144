/// The two ledgers a device keeps for people to check afterwards.
package enum AuditLog: UInt8, Sendable, CaseIterable {
  /// Who set which flag, when, from which client, under which text.
  case consent = 1
  /// What the device did: sensors opened, accounts admitted, denials. Never content.
  case decisions = 2

  /// As people and file names have it.
  package var name: String { self == .consent ? "consent" : "decisions" }
}

/// A ledger's file: each signed entry after its length as u32.
package enum AuditFile {
  /// One entry as the file has it.
  package static func frame(_ entry: [UInt8]) -> [UInt8] {
    var writer = ByteWriter(capacity: entry.count + 4)
    writer.writeLong(entry)
    return writer.bytes
  }

  /// The whole entries of a file and how many bytes they take; what follows is no entry, or half of one.
  package static func split(_ bytes: [UInt8]) -> (entries: [[UInt8]], whole: Int) {
    var reader = ByteReader(bytes)
    var (entries, whole): ([[UInt8]], Int) = ([], 0)
    while let entry = try? reader.readLong(limit: WireLimits.chainEntryBytes, "ledger entry"), !entry.isEmpty {
      entries.append(entry)
      whole = reader.consumed
    }
    return (entries, whole)
  }
}
