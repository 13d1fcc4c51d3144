internal import PumpkiiSystem

extension Recorder {
  /// What there is to say of recordings on the board.
  package func describe(into status: inout BoardStatus, hasRelay: Bool) {
    let report = report.value
    status.trouble = report.trouble
    status.counters["clips"] = UInt64(report.clips)
    status.counters["recording"] = report.isRecording ? 1 : 0
    status.counters["clip_bytes"] = UInt64(report.bytes)
    status.counters["preroll_seconds"] = UInt64(report.ringSeconds)
    status.counters["recording_lost"] = UInt64(report.lostObjects + report.lostInQueue)
    for (reason, count) in report.removed { status.counters["clips_removed_\(reason.rawValue)"] = count }
    if report.unsent > 0 { status.counters["clips_removed_unsent"] = report.unsent }
    guard hasRelay else { return }
    let (stored, waiting, kept) = spool.places
    status.counters["clips_stored"] = UInt64(stored)
    status.counters["clips_waiting"] = UInt64(waiting)
    status.counters["clips_kept_here"] = UInt64(kept)
  }
}
