package import Logging
package import PumpkiiSystem
package import PumpkiiTransport
package import PumpkiiWire
internal import ServiceLifecycle

/// Brings finished clips to a store, the oldest first, one at a time, as long as the owner's flags let it (E7).
/// When they no longer do, the upload under way ends.
package struct ClipUploader: Service {
  package struct Parts: Sendable {
    package var spool: Spool
    package var store: any ClipStore
    /// The device's key, by which a clip's file is read.
    package var key: SigningKey
    /// Counts up whenever what is allowed may have changed, by somebody or by the time; then it is asked anew.
    package var changes: Published<UInt64>
    /// E7, for clips that leave the device.
    package var mayUpload: @Sendable () -> Bool
    package var logger: Logger

    package init(
      spool: Spool, store: any ClipStore, key: SigningKey, changes: Published<UInt64>,
      mayUpload: @escaping @Sendable () -> Bool, logger: Logger
    ) {
      self.spool = spool
      self.store = store
      self.key = key
      self.changes = changes
      self.mayUpload = mayUpload
      self.logger = logger
    }
  }

  private enum Outcome {
    case stored
    case withdrawn
    case failed(String, isTransient: Bool)
  }

  private let parts: Parts
  private let first: Backoff

  package init(parts: Parts, backoff: Backoff = Backoff(first: .seconds(1), cap: .seconds(300))) {
    self.parts = parts
    first = backoff
  }

  /// Returns at graceful shutdown; the upload under way then ends.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var backoff = first
      var refused: Set<UInt64> = []
      while await parts.changes.wait(until: { _ in parts.mayUpload() }) {
        guard let clip = await next(besides: refused) else {
          let skipped = refused
          guard await parts.spool.report.wait(until: { _ in pending(besides: skipped) != nil }) else { return }
          continue
        }
        switch await upload(clip) {
        case .stored:
          backoff.reset()
          await settle(clip)
        case .withdrawn: break
        case .failed(let reason, let isTransient):
          parts.logger.warning("clip \(clip.number) was not uploaded: \(reason)")
          // What the relay does not want, it will not want the next minute either; the next start asks again.
          if !isTransient { refused.insert(clip.number) }
          try? await Task.sleep(for: backoff.next())
        }
      }
    }
  }

  private func next(besides refused: Set<UInt64>) async -> SpooledClip? {
    await DeviceThread.run(named: "clips") { pending(besides: refused) }
  }

  private func pending(besides refused: Set<UInt64>) -> SpooledClip? {
    parts.spool.clips.first { !parts.spool.isUploaded($0.number) && !refused.contains($0.number) }
  }

  /// Races the upload against the permission's end.
  private func upload(_ clip: SpooledClip) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      group.addTask { await put(clip) }
      group.addTask {
        _ = await parts.changes.wait { _ in !parts.mayUpload() }
        return .withdrawn
      }
      defer { group.cancelAll() }
      return await group.next() ?? .withdrawn
    }
  }

  private func put(_ clip: SpooledClip) async -> Outcome {
    let key = parts.key
    let body = await DeviceThread.run(named: "clips") { () -> FileBody? in
      guard let scan = try? ClipScan(path: clip.path, key: key, verifies: false), let record = scan.record else {
        return nil
      }
      // The record first: whoever stores the clip knows what comes.
      return FileBody([.bytes(record), .file(path: clip.path, from: 0, count: scan.bodyByteCount)])
    }
    guard let body else { return .failed("its file has no record", isTransient: false) }
    do throws(TransportError) {
      try await parts.store.put(clip.number, body)
      return .stored
    } catch {
      if Task.isCancelled { return .withdrawn }
      return .failed("\(error)", isTransient: error.isTransient)
    }
  }

  private func settle(_ clip: SpooledClip) async {
    let (spool, logger) = (parts.spool, parts.logger)
    await DeviceThread.run(named: "clips") {
      do throws(AgentError) {
        try spool.noteUpload(clip.number)
        if spool.settings.afterUpload == .delete { try spool.remove(clip.number, .uploaded) }
      } catch {
        logger.warning("clip \(clip.number): \(error)")
      }
    }
  }
}
