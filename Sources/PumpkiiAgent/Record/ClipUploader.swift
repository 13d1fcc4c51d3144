package import Logging
package import PumpkiiPolicy
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
    /// Why not, for the same classes; nil where nobody wants to know.
    package var denial: (@Sendable (ClassMask) -> Decision?)?
    /// What was withdrawn while clips waited.
    package var guarding: UploadGuard?
    /// What became of each clip.
    package var book = UploadBook()
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
    /// Its permission ended; nil where nobody wants to know why.
    case denied(Decision?)
    /// The agent ends.
    case ended
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
      while !Task.isCancelled {
        // Asked before what is allowed is, so that no change is slept through.
        let version = await parts.changes.next(after: 0).version
        let found = await DeviceThread.run(named: "clips") { look() }
        guard let candidate = found.first else {
          await news(after: version, besides: found.passed)
          continue
        }
        let outcome = await upload(candidate)
        await conclude(candidate.clip, outcome, &backoff)
      }
      await DeviceThread.run(named: "clips") { takeBack() }
    }
  }

  private func conclude(_ clip: SpooledClip, _ outcome: Outcome, _ backoff: inout Backoff) async {
    switch outcome {
    case .stored:
      backoff.reset()
      await settle(clip)
    case .denied(let decision):
      if let decision { parts.book.denied(clip.number, decision) }
    case .ended: break
    case .failed(let reason, let isTransient):
      parts.logger.warning("clip \(clip.number) was not uploaded: \(reason)")
      // What the relay does not want, it will not want the next minute either.
      parts.book.failed(clip.number, reason, isTransient: isTransient)
      await rest(backoff.next())
    }
  }

  private static let anything = ClassMask(classes: [.video, .audio, .photo])

  /// The first clip that may go now, and those that were passed over for it: what may not go blocks nothing else.
  private func look() -> (first: Candidate?, passed: Set<UInt64>) {
    takeBack()
    var passed: Set<UInt64> = []
    // Nothing is read of clips while none may go.
    let mayAny = parts.mayUpload([])
    for clip in parts.book.order(parts.spool.waiting) {
      // What cannot be read may hold anything: it goes where all of it might, and its upload says what is wrong with it.
      let isRefused = parts.book.isRefused(clip.number)
      let classes = mayAny && !isRefused ? classes.of(clip) ?? Self.anything : []
      if mayAny, !isRefused, parts.mayUpload(classes) {
        return (Candidate(clip: clip, classes: classes), passed)
      }
      if !isRefused, let denial = parts.denial?(classes) { parts.book.denied(clip.number, denial) }
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
    parts.book.began(candidate.clip.number)
    return await withTaskGroup(of: Outcome.self) { group in
      group.addTask { await put(candidate.clip) }
      group.addTask { await watch(candidate.classes) }
      defer { group.cancelAll() }
      return await group.next() ?? .ended
    }
  }

  /// Returns when these classes may go no longer. What else is withdrawn meanwhile is taken back at once: a relay may be slow.
  private func watch(_ classes: ClassMask) async -> Outcome {
    var seen: UInt64 = 0
    while true {
      seen = await parts.changes.next(after: seen).version
      if Task.isCancelled { return .ended }
      if let end = end(of: classes) { return end }
      if parts.spool.settings.queuedOnWithdraw == .delete { await DeviceThread.run(named: "clips") { takeBack() } }
    }
  }

  /// Nil while they may go, also when they may again by the time the reason is asked.
  private func end(of classes: ClassMask) -> Outcome? {
    guard !parts.mayUpload(classes) else { return nil }
    guard let why = parts.denial else { return .denied(nil) }
    return why(classes).map { .denied($0) }
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
      if Task.isCancelled { return .ended }
      return .failed("\(error)", isTransient: error.isTransient)
    }
  }

  /// Removed first, then noted: a crash in between leaves no copy that was to go, and uploads nothing twice.
  private func settle(_ clip: SpooledClip) async {
    parts.book.stored(clip.number)
    let (spool, logger) = (parts.spool, parts.logger)
    await DeviceThread.run(named: "clips") {
      let attempt = { (step: () throws(AgentError) -> Void) in
        do throws(AgentError) { try step() } catch { logger.warning("clip \(clip.number): \(error)") }
      }
      if spool.settings.afterUpload == .delete {
        attempt { () throws(AgentError) in try spool.remove(clip.number, .uploaded) }
      }
      attempt { () throws(AgentError) in try spool.noteUpload(clip.number) }
    }
  }
}
