internal import PumpkiiSystem
internal import ServiceLifecycle

/// Hears of each clip that is finished, once; of none that was there before.
package struct ClipWatch: Service {
  let recorder: Recorder
  /// Called after a clip is on the disk.
  let finished: @Sendable () -> Void

  package init(recorder: Recorder, finished: @escaping @Sendable () -> Void) {
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
        let last = recorder.spool.clips.last?.number ?? 0
        guard last > newest else { continue }
        newest = last
        finished()
      }
    }
  }
}
