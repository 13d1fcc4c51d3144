package import Logging
internal import PumpkiiSystem
internal import ServiceLifecycle
internal import Synchronization

/// Shows notices on the person's screen, one after the other, and asks before each whether it may (E8). What waits is
/// bounded, the oldest goes; what comes again too soon is held back.
package final class NoticeDesk: Service {
  /// What became of notices.
  package struct Counters: Sendable, Equatable {
    package var shown: UInt64 = 0
    /// By a flag (E8).
    package var denied: UInt64 = 0
    /// The program that shows them was missing or failed.
    package var failed: UInt64 = 0
  }

  private let waiting = Mailbox<Notice>(capacity: 16)
  private let pace = Mutex(NoticePace())
  private let counters = Mutex(Counters())
  private let kinds: Set<Notice>
  private let isAllowed: @Sendable (Notice) -> Bool
  private let denied: @Sendable (Notice) -> Void
  private let show: @Sendable (Notice) throws -> Void
  private let logger: Logger

  /// - Parameters:
  ///   - kinds: those that the configuration names.
  ///   - isAllowed: whether `notify.system` allows now, by every layer.
  ///   - denied: told of each that was not allowed.
  ///   - show: puts one on the screen; called on a thread of its own, and may block.
  package init(
    kinds: Set<Notice>, denied: @escaping @Sendable (Notice) -> Void = { _ in },
    isAllowed: @escaping @Sendable (Notice) -> Bool, show: @escaping @Sendable (Notice) throws -> Void, logger: Logger
  ) {
    self.kinds = kinds
    self.denied = denied
    self.isAllowed = isAllowed
    self.show = show
    self.logger = logger
  }

  /// A desk that uses the first program of the list that is installed; without one every notice fails, and is counted.
  package convenience init(
    kinds: Set<Notice>, environment: [String: String], folders: [String] = NoticeProgram.folders,
    denied: @escaping @Sendable (Notice) -> Void = { _ in }, isAllowed: @escaping @Sendable (Notice) -> Bool,
    logger: Logger
  ) {
    let found = NoticeProgram.allCases.lazy.compactMap { program in program.path(in: folders).map { (program, $0) } }
      .first
    if found == nil, !kinds.isEmpty { logger.warning("notices: no program that shows them is installed (notify-send)") }
    self.init(
      kinds: kinds, denied: denied, isAllowed: isAllowed,
      show: { notice in
        guard let (program, path) = found else { throw SystemError("notify-send", errno: 2) }
        try NoticeProgram.run(path, program.arguments(notice), environment: environment)
      }, logger: logger)
  }

  /// What became of notices so far.
  package var count: Counters { counters.withLock { $0 } }
  /// Notices that nobody could show in time, and those that came too soon.
  package var lost: UInt64 { UInt64(waiting.dropped) + pace.withLock { $0.held } }

  /// Something happened; never waits.
  package func tell(_ notice: Notice) {
    guard kinds.contains(notice), pace.withLock({ $0.take(notice, now: Clocks.monotonic()) }) else { return }
    waiting.put(notice)
  }

  /// Returns at graceful shutdown; what waits then is not shown.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    await cancelWhenGracefulShutdown { [self] in
      while let notice = await waiting.next() { await handle(notice) }
    }
  }

  private func handle(_ notice: Notice) async {
    guard isAllowed(notice) else {
      denied(notice)
      return counters.withLock { $0.denied += 1 }
    }
    let problem = await DeviceThread.run(named: "notice") { [show] () -> (any Error)? in
      do { try show(notice) } catch { return error }
      return nil
    }
    counters.withLock { if problem == nil { $0.shown += 1 } else { $0.failed += 1 } }
    if let problem { logger.warning("a notice could not be shown: \(problem)") }
  }
}
