package import Logging
package import PumpkiiSystem
package import PumpkiiTransport
package import PumpkiiWire
internal import ServiceLifecycle

/// Brings finished clips to a store, the oldest first, one at a time, as long as the owner's flags let it (E7).
/// When they no longer do, the upload under way ends. A clip that may not go is passed over until it may.
package struct ClipUploader: Service {
  package struct Parts: Sendable {
    package var spool: Spool
    package var store: any ClipStore
    /// The device's key, by which a clip's file is read.
    package var key: SigningKey
    /// Counts up whenever what is allowed may have changed, by somebody or by the time; then it is asked anew.
    package var changes: Published<UInt64>
    /// E7, for a clip that holds these classes; for none of them, whether clips may leave at all.
    package var mayUpload: @Sendable (ClassMask) -> Bool
    /// What was withdrawn while clips waited.
    package var guarding: UploadGuard?
    package var logger: Logger

    package init(
      spool: Spool, store: any ClipStore, key: SigningKey, changes: Published<UInt64>,
      mayUpload: @escaping @Sendable (ClassMask) -> Bool, logger: Logger
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

  private struct Candidate {
    let clip: SpooledClip
    let classes: ClassMask
  }

  private let parts: Parts
  private let classes: ClipClasses
  private let first: Backoff

  package init(parts: Parts, backoff: Backoff = Backoff(first: .seconds(1), cap: .seconds(300))) {
    self.parts = parts
    classes = ClipClasses(key: parts.key)
    first = backoff
  }

  /// Returns at graceful shutdown; the upload under way then ends.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown {
      var backoff = first
      var refused: Set<UInt64> = []
      while !Task.isCancelled {
        // Asked before what is allowed is, so that no change is slept through.
        let version = await parts.changes.next(after: 0).version
        let skipped = refused
        let found = await DeviceThread.run(named: "clips") { look(besides: skipped) }
        guard let candidate = found.first else {
          await news(after: version, besides: found.passed)
          continue
        }
        switch await upload(candidate) {
        case .stored:
          backoff.reset()
          await settle(candidate.clip)
        case .withdrawn: break
        case .failed(let reason, let isTransient):
          parts.logger.warning("clip \(candidate.clip.number) was not uploaded: \(reason)")
          // What the relay does not want, it will not want the next minute either; the next start asks again.
          if !isTransient { refused.insert(candidate.clip.number) }
          await rest(backoff.next())
        }
      }
      await DeviceThread.run(named: "clips") { takeBack() }
    }
  }

  private static let anything = ClassMask(classes: [.video, .audio, .photo])

  /// The oldest clip that may go now, and those that were passed over for it: what may not go blocks nothing else.
  private func look(besides refused: Set<UInt64>) -> (first: Candidate?, passed: Set<UInt64>) {
    takeBack()
    var passed = refused
    // Nothing is read of clips while none may go.
    let mayAny = parts.mayUpload([])
    for clip in parts.spool.waiting where !refused.contains(clip.number) {
      // What cannot be read may hold anything: it goes where all of it might, and its upload says what is wrong with it.
      let classes = mayAny ? classes.of(clip) ?? Self.anything : []
      if mayAny, parts.mayUpload(classes) {
        return (Candidate(clip: clip, classes: classes), passed)
      }
      passed.insert(clip.number)
    }
    return (nil, passed)
  }

  /// What was withdrawn while it waited goes, where the owner wishes it.
  private func takeBack() {
    guard let losses = parts.guarding?.take(), !losses.isEmpty, parts.spool.settings.queuedOnWithdraw == .delete else {
      return
    }
    for clip in parts.spool.waiting {
      guard let classes = classes.of(clip),
        losses.contains(where: { clip.number <= $0.last && !classes.isDisjoint(with: $0.classes) })
      else { continue }
      do throws(AgentError) { try parts.spool.remove(clip.number, .withdrawn) } catch {
        parts.logger.warning("clip \(clip.number): \(error)")
      }
    }
  }

  /// Waits out a pause; what is withdrawn meanwhile is taken back at once.
  private func rest(_ pause: Duration) async {
    let end = ContinuousClock.now + pause
    while !Task.isCancelled, ContinuousClock.now < end {
      let version = await parts.changes.next(after: 0).version
      await DeviceThread.run(named: "clips") { takeBack() }
      await parts.changes.wait(after: version, atMost: end - ContinuousClock.now)
    }
  }

  /// Waits until what is allowed may have changed, or a clip is there that was not looked at.
  private func news(after version: UInt64, besides passed: Set<UInt64>) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await parts.changes.next(after: version) }
      group.addTask {
        _ = await parts.spool.report.wait { _ in parts.spool.waiting.contains { !passed.contains($0.number) } }
      }
      await group.next()
      group.cancelAll()
    }
  }

  /// Races the upload against the permission's end.
  private func upload(_ candidate: Candidate) async -> Outcome {
    await withTaskGroup(of: Outcome.self) { group in
      group.addTask { await put(candidate.clip) }
      group.addTask {
        _ = await parts.changes.wait { _ in !parts.mayUpload(candidate.classes) }
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
