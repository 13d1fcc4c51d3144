package import Logging
package import PumpkiiPolicy
internal import PumpkiiSystem
package import PumpkiiTransport
internal import PumpkiiWire
internal import ServiceLifecycle
internal import Synchronization

/// Keeps the agent's diagnostics in its folder, and sends once a day what the flags allow (E9). When a kind was sent that
/// is not allowed any more, the relay is told to delete everything of this camera.
package final class DiagnosticsReporter: Service {
  /// What a reporter is made of.
  package struct Parts: Sendable {
    package var log: DiagnosticsLog
    package var marker: RunMarker
    /// What a report says of the machine.
    package var environment: DiagnosticsEnvironment
    /// Whether a flag allows, by every layer, now.
    package var isAllowed: @Sendable (Flag) -> Bool
    /// Gives a report to the relay.
    /// - Throws: what stands in the way; it is tried again later.
    package var send: @Sendable ([UInt8]) async throws -> Void
    /// Has the relay delete what it holds of this camera.
    /// - Throws: what stands in the way; it is tried again later.
    package var withdraw: @Sendable () async throws -> Void
    package var logger: Logger
    /// Told of each flag that keeps something from being sent: once, until it allows again, and after what is allowed was
    /// sent.
    package var denied: @Sendable (Flag) -> Void

    package init(
      log: DiagnosticsLog, marker: RunMarker, environment: DiagnosticsEnvironment,
      isAllowed: @escaping @Sendable (Flag) -> Bool, send: @escaping @Sendable ([UInt8]) async throws -> Void,
      withdraw: @escaping @Sendable () async throws -> Void, logger: Logger,
      denied: @escaping @Sendable (Flag) -> Void = { _ in }
    ) {
      self.denied = denied
      self.log = log
      self.marker = marker
      self.environment = environment
      self.isAllowed = isAllowed
      self.send = send
      self.withdraw = withdraw
      self.logger = logger
    }
  }

  private static let day: UInt64 = 86_400_000_000
  /// µs after a failure in which nothing is tried.
  private static let pause: UInt64 = 900_000_000
  private static let look = Duration.seconds(60)

  private let parts: Parts
  private let bell = Mailbox<Void>(capacity: 1)
  /// Unix µs before which nothing is tried again.
  private let notBefore = Mutex<UInt64>(0)
  private let told = Mutex<Set<Diagnostics.Kind>>([])

  package init(parts: Parts) { self.parts = parts }

  /// A flag has changed: a consent that was withdrawn is acted on now.
  package func policyChanged() {
    notBefore.withLock { $0 = 0 }
    bell.put(())
  }

  /// Returns at graceful shutdown, with everything written.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    begin()
    await cancelWhenGracefulShutdown { [self] in
      await withTaskGroup(of: Void.self) { group in
        group.addTask { [bell] in
          while !Task.isCancelled {
            try? await Task.sleep(for: Self.look)
            bell.put(())
          }
        }
        repeat { await look(now: Clocks.unixMicroseconds()) } while await bell.next() != nil
        group.cancelAll()
      }
    }
    end()
  }

  /// Notes this start, and whether the run before ended as it should.
  package func begin() {
    attempt("the marker of this run") {
      if try parts.marker.begin() { parts.log.crashed("agent-unclean-end") }
    }
    parts.log.count(.starts)
    parts.log.did(.start)
    attempt("the diagnostics") { try parts.log.save() }
  }

  /// The run ends as it should.
  package func end() {
    attempt("the diagnostics") { try parts.log.save() }
    attempt("the marker of this run") { try parts.marker.end() }
  }

  /// What is due now: withdraws, sends, saves.
  package func look(now: UInt64) async {
    guard now >= notBefore.withLock({ $0 }) else { return attempt("the diagnostics") { try parts.log.save() } }
    do {
      try await withdrawWhatIsDenied()
      try await sendWhatIsDue(now)
    } catch {
      notBefore.withLock { $0 = now + Self.pause }
      parts.logger.warning("diagnostics: \(error)")
    }
    attempt("the diagnostics") { try parts.log.save() }
  }

  private func withdrawWhatIsDenied() async throws {
    guard !parts.log.sentKinds.allSatisfy(isAllowed) else { return }
    try await parts.withdraw()
    parts.log.withdrawn()
    parts.logger.info("diagnostics: what the relay held was deleted, as it is not allowed any more")
  }

  private func sendWhatIsDue(_ now: UInt64) async throws {
    let allowed = Set(Diagnostics.Kind.allCases.filter { isAllowed($0) })
    // Last, so that whoever hears of it knows that nothing of this look is on its way any more.
    defer { tell(denied: Set(Diagnostics.Kind.allCases).subtracting(allowed)) }
    let last = parts.log.lastSent
    // A clock that went back is no reason never to send again.
    guard last > now || now - last >= Self.day else { return }
    guard let report = parts.log.report(parts.environment, of: allowed) else { return }
    // Once more at the last moment: making the report took time.
    guard report.kinds.allSatisfy(isAllowed) else { return }
    // What leaves is owed back, also when its answer is lost or this run ends before it: noted on the disk first.
    parts.log.sending(report)
    try parts.log.save()
    try await parts.send(report.json)
    parts.log.sent(report, now: now)
  }

  private func tell(denied kinds: Set<Diagnostics.Kind>) {
    let news = told.withLock { told in
      defer { told = kinds }
      return kinds.subtracting(told)
    }
    for flag in news.compactMap({ Flag(rawValue: $0.flag) }) { parts.denied(flag) }
  }

  private func isAllowed(_ kind: Diagnostics.Kind) -> Bool {
    Flag(rawValue: kind.flag).map { parts.isAllowed($0) } ?? false
  }

  private func attempt(_ what: String, _ body: () throws -> Void) {
    do { try body() } catch { parts.logger.warning("\(what) could not be written: \(error)") }
  }
}
