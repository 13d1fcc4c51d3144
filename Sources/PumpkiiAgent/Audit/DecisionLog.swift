package import Logging
package import PumpkiiPolicy
internal import PumpkiiSystem
package import PumpkiiWire
internal import ServiceLifecycle
internal import Synchronization

/// The decision log's shell: takes entries from any thread without waiting, and writes them on a thread of its own.
/// List it first among the services, so that it ends last and has what the others did at the end.
package final class DecisionLog: Service, Sendable {
  /// Numbers for the status.
  package struct Counters: Sendable, Equatable {
    package var written: UInt64 = 0
    /// Entries that found no room and are known by number alone.
    package var folded: UInt64 = 0
    /// Writes that failed; what they were to write waits.
    package var failures: UInt64 = 0
  }

  private struct State {
    var queue: DecisionQueue
    var denials = DenialTable()
    var counters = Counters()
    var hasFailed = false
  }

  /// Denials are told this long after the first, µs.
  private static let denialPause: UInt64 = 60_000_000
  /// Seconds until a write that failed is tried again.
  private static let retry = 5.0

  private let ledger: AuditLedger
  private let logger: Logger
  private let state: Mutex<State>
  private let bell = Published<UInt64>(0)
  /// One writer at a time, so that entries keep their order.
  private let turn = Mutex<Void>(())

  package init(ledger: AuditLedger, logger: Logger, capacity: Int = 256) {
    self.ledger = ledger
    self.logger = logger
    state = Mutex(State(queue: DecisionQueue(capacity: capacity)))
  }

  package var counters: Counters {
    state.withLock { state in
      var counters = state.counters
      counters.folded = state.queue.folded
      return counters
    }
  }

  /// Something that happened; never waits.
  package func record(_ record: AuditRecord) { put(.record(record, at: Clocks.unixMicroseconds())) }

  /// An account is a recipient from now on.
  package func admitted(_ person: AuditPerson, _ classes: ClassMask) {
    put(.admitted(person, classes, at: Clocks.unixMicroseconds()))
  }

  /// An account is a recipient no more.
  package func cut(_ person: AuditPerson) { put(.cut(person, at: Clocks.unixMicroseconds())) }

  /// A sensor is closed; the denials so far are told with it.
  package func closed(_ sensor: AuditRecord.Sensor, _ reason: AuditRecord.Closing) {
    let now = Clocks.unixMicroseconds()
    state.withLock { state in
      for draft in state.denials.take(at: now) { state.queue.put(draft) }
      state.queue.put(.record(.closed(sensor, reason), at: now))
    }
    ring()
  }

  /// Something was denied; counted, and told once a minute at most. For hot paths.
  package func denied(_ decision: Decision) {
    let isFirst = state.withLock { state in
      defer { state.denials.add(decision, at: Clocks.unixMicroseconds()) }
      return state.denials.since == nil
    }
    if isFirst { ring() }
  }

  private func put(_ draft: AuditDraft) {
    state.withLock { $0.queue.put(draft) }
    ring()
  }

  private func ring() { bell.update { $0 &+= 1 } }

  /// Writes until graceful shutdown, then what is left.
  /// - Throws: nothing; the signature is the protocol's.
  package func run() async throws {
    record(.began)
    await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let seen = await self.bell.next(after: 0).version
        let isWritten = await self.flush()
        await self.wait(after: seen, retrying: !isWritten)
      }
    }
    state.withLock { state in
      for draft in state.denials.take(at: Clocks.unixMicroseconds()) { state.queue.put(draft) }
    }
    record(.ended)
    await flush()
  }

  /// Writes what is due, on a thread of its own.
  /// - Returns: false when it failed; what is left waits.
  @discardableResult
  package func flush() async -> Bool { await DeviceThread.run(named: "decisions") { self.write() } }

  private func wait(after seen: UInt64, retrying: Bool) async {
    let due = state.withLock { $0.denials.since }.map { $0 + Self.denialPause }
    await withTaskGroup(of: Void.self) { group in
      // A disk that fails is not tried again with each entry.
      if !retrying { group.addTask { _ = await self.bell.next(after: seen) } }
      if retrying {
        group.addTask { try? await Task.sleep(for: .seconds(Self.retry)) }
      } else if let due {
        let now = Clocks.unixMicroseconds()
        group.addTask { try? await Task.sleep(for: .microseconds(Int64(due > now ? due - now : 0) + 1000)) }
      }
      await group.next()
      group.cancelAll()
    }
  }

  private func write() -> Bool {
    turn.withLock { _ -> Bool in
      takeDenials()
      do throws(AgentError) {
        try writeAll()
        return true
      } catch {
        fail(error)
        return false
      }
    }
  }

  /// What is on the disk leaves the queue before it is anchored: who tries again must not write it twice.
  private func writeAll() throws(AgentError) {
    try ledger.settle()
    while true {
      let drafts = state.withLock { $0.queue.next(AuditLedger.batch - 1, at: Clocks.unixMicroseconds()) }
      if drafts.isEmpty { break }
      try ledger.append(drafts)
      state.withLock { state in
        state.queue.remove(drafts)
        state.counters.written += UInt64(drafts.count)
      }
      try ledger.settle()
    }
    state.withLock { $0.hasFailed = false }
  }

  private func takeDenials() {
    let now = Clocks.unixMicroseconds()
    state.withLock { state in
      guard let since = state.denials.since, now >= since + Self.denialPause else { return }
      for draft in state.denials.take(at: now) { state.queue.put(draft) }
    }
  }

  private func fail(_ error: AgentError) {
    let isNew = state.withLock { state in
      state.counters.failures += 1
      defer { state.hasFailed = true }
      return !state.hasFailed
    }
    if isNew { logger.error("\(error)", metadata: ["code": "\(error.code.rawValue)"]) }
  }
}
