internal import PumpkiiTransport

/// What `account.json` holds; nothing of it is secret. It is written last: a folder without it holds no account.
struct AccountRecord: Codable, Sendable {
  var format = 1
  /// The account's id, hexadecimal.
  var account: String
  var relay: RelayAddress
  /// Unix µs.
  var created: UInt64
  /// Whether a relay ever took the account: until then it may still be given another address or pin. Absent in a folder
  /// of an older version, which counts as yes.
  var isAnnounced: Bool?
}
