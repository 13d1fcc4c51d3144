/// How the device records: the `record` map of `agent.yaml`, with what nobody needs to set.
package struct RecordSettings: Sendable, Equatable {
  /// What begins a clip.
  package enum Mode: String, Sendable, CaseIterable {
    /// Motion, sound, or somebody's wish.
    case motion
    /// Recording goes on as long as it is allowed.
    case continuous
    /// Somebody's wish alone.
    case manual
  }

  /// What becomes of the clip that is open when the owner withdraws recording.
  package enum Withdrawal: String, Sendable, CaseIterable {
    /// It ends at its last object.
    case keep
    /// It is removed, with what waited to be written.
    case delete
  }

  /// What becomes of finished clips that wait for the relay when their upload is withdrawn.
  package enum QueueWithdrawal: String, Sendable, CaseIterable {
    /// They stay on the device, and go when it is allowed again.
    case keep
    /// They are removed.
    case delete
  }

  /// What becomes of the copy on the device once the relay holds the clip.
  package enum AfterUpload: String, Sendable, CaseIterable {
    case keep
    case delete
  }

  package var mode: Mode = .motion
  /// Seconds of what came before that a clip begins with, and up to a group more; fewer where ``ringBytes`` is small.
  package var preRollSeconds = 8.0
  /// Seconds that a clip goes on after the last trigger.
  package var postRollSeconds = 10.0
  /// Seconds after which a clip goes on in the next one.
  package var maxClipSeconds = 300.0
  /// Clips older than this many days go.
  package var days = 30
  /// Bytes of all clips; the oldest go for the newest.
  package var bytes = 4 << 30
  package var onWithdraw: Withdrawal = .keep
  package var queuedOnWithdraw: QueueWithdrawal = .keep
  package var afterUpload: AfterUpload = .keep
  /// Clips that began while the relay might not have them go to it once it may.
  package var uploadEarlier = false
  /// Bytes of sealed objects kept in memory for the pre-roll.
  package var ringBytes = 8 << 20
  /// Bytes after which a clip goes on in the next one: below what a relay takes of one.
  package var clipBytes = 192 << 20
  /// Bytes and items that may wait for the disk.
  package var queueBytes = 24 << 20
  package var queueItems = 65_536
  package init() {}
}
