/// What the recorder does now, for status, metrics and the uploader.
package struct RecorderState: Sendable, Equatable {
  /// The owner's flags let it record.
  package var isAllowed = false
  /// Seconds and bytes of pre-roll in memory.
  package var ringSeconds = 0.0
  package var ringBytes = 0
  /// A clip is being recorded.
  package var isRecording = false
  /// The number of the clip that is being written.
  package var openClip: UInt64?
  /// The highest number given out; 0 before the first.
  package var highestClip: UInt64 = 0
  /// Finished clips on the disk, and their bytes.
  package var clips = 0
  package var bytes = 0
  /// The highest number that was uploaded since the start; 0 before the first.
  package var newestUpload: UInt64 = 0
  /// Finished clips that were removed since the start, by reason.
  package var removed: [ClipIndex.Reason: UInt64] = [:]
  /// Those of them that waited for the relay and had to go for room or time.
  package var unsent: UInt64 = 0
  /// Objects that the disk did not take.
  package var lostObjects = 0
  /// Objects lost to the bounds of the queue before the disk, or dropped with it.
  package var lostInQueue = 0
  /// Groups of the pre-roll that had to go before their time.
  package var lostGroups = 0
  /// Bytes overwritten when recording was withdrawn.
  package var wipedBytes = 0
  /// Why the disk does not take clips now; nil when it does.
  package var trouble: String?

  package init() {}
}
