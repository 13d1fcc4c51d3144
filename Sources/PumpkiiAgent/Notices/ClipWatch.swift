internal import PumpkiiSystem
internal import ServiceLifecycle

/// Hears of each clip that is finished, once; of none that was there before.
package struct ClipWatch: Service {
  let recorder: Recorder
  /// Called with each clip's number after it is on the disk.
  let finished: @Sendable (UInt64) -> Void

  package init(recorder: Recorder, finished: @escaping @Sendable (UInt64) -> Void) {
    self.recorder = recorder
    self.finished = finished
  }

  /// Returns at graceful shutdown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    let first = recorder.highestClip
    await cancelWhenGracefulShutdown {
      var newest = first
      var seen: UInt64 = 0
      while !Task.isCancelled {
        seen = await recorder.report.next(after: seen).version
        // Several may have ended at once: on a disk that is full no longer, or while nobody looked.
        for clip in recorder.spool.clips where clip.number > newest {
          newest = clip.number
          finished(clip.number)
        }
      }
    }
  }
}
