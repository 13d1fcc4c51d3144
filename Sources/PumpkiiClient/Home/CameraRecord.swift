internal import PumpkiiWire

/// What an account remembers of a camera. The numbers only ever rise: they are what a relay cannot roll back.
struct CameraRecord: Codable, Sendable, Equatable {
  /// The device id, hexadecimal.
  var device: String
  var name: String
  /// The first owner's account, hexadecimal.
  var owner: String
  /// Paired by this account, by a code that both sides saw.
  var isPaired = false
  var rosterVersion: UInt64 = 0
  /// The newest epoch whose key message was opened.
  var epoch: UInt32 = 0
  /// The roster version that epoch was made on.
  var epochRoster: UInt64 = 0
  /// The last command's counter.
  var commandCounter: UInt64 = 0
  var policyVersion: UInt64 = 0
  /// Unix µs.
  var added: UInt64

  /// The newer of both in every number; names and ownership are those of `other`.
  func merged(with other: CameraRecord) -> CameraRecord {
    var merged = other
    merged.isPaired = isPaired || other.isPaired
    merged.rosterVersion = max(rosterVersion, other.rosterVersion)
    merged.epoch = max(epoch, other.epoch)
    merged.epochRoster = max(epochRoster, other.epochRoster)
    merged.commandCounter = max(commandCounter, other.commandCounter)
    merged.policyVersion = max(policyVersion, other.policyVersion)
    merged.added = min(added, other.added)
    return merged
  }
}
