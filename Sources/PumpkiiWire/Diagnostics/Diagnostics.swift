/// What a diagnostics report may hold: closed lists, so that there is no field that content or a name could stand in.
package enum Diagnostics {
  /// The kinds, each with a flag of its own.
  package enum Kind: String, Sendable, CaseIterable, Hashable {
    case environment, statistics, operations, errors, crashes

    /// The flag without which nothing of the kind is sent.
    package var flag: String { "diagnostics.\(rawValue)" }
  }

  /// The fields of the environment.
  package enum Field: String, Sendable, CaseIterable, Hashable {
    case language
    case deviceType = "device_type"
    case osVersion = "os_version"
  }

  /// What is counted.
  package enum Statistic: String, Sendable, CaseIterable, Hashable {
    case starts
    case sensorsOpened = "sensors_opened"
    case objectsSealed = "objects_sealed"
    case objectsSent = "objects_sent"
    case objectsDenied = "objects_denied"
    case objectsLost = "objects_lost"
    case relayConnections = "relay_connections"
    case clipsKept = "clips_kept"
    case clipsStored = "clips_stored"
    case photos
    case notices
  }

  /// What was done: that, never with what or whom.
  package enum Operation: String, Sendable, CaseIterable, Hashable {
    case start, pair, share, revoke, permissions, policy, watch, photo, record, upload, download, verify, notify
    case pause, resume, preview
  }

  /// The longest report, in bytes of JSON.
  package static let reportBytes = 16 << 10
  /// Different codes of errors, and of crashes.
  package static let codes = 64
  /// The longest text.
  package static let textLength = 48
  /// Counts are below this, so that every reader of JSON takes them.
  package static let counts: UInt64 = 1 << 53

  /// Whether a text has the form of its field: letters, digits and few signs, which a sentence has not.
  package static func isFitting(_ text: String, _ field: Field) -> Bool {
    guard !text.isEmpty, text.utf8.count <= textLength else { return false }
    let signs = field == .language ? "-" : "-._+"
    return text.utf8.allSatisfy { isLetter($0) || isDigit($0) || signs.utf8.contains($0) }
  }

  /// Whether a text has the form of a stable code, as `relay-unreachable`.
  package static func isCode(_ text: String) -> Bool {
    let words = text.split(separator: "-", omittingEmptySubsequences: false)
    return words.count > 1 && text.utf8.count <= textLength
      && words.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy { (0x61...0x7A).contains($0) || isDigit($0) } }
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
