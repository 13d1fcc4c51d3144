import Foundation
import Logging
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiWire
import Synchronization
import Testing

/// A reporter on a folder, with a relay that keeps what it is given.
private final class Desk: Sendable {
  struct Failure: Error {}
  struct State {
    var allowed: Set<Flag> = []
    var reports: [String] = []
    var withdrawals = 0
    var isDown = false
    var denied: [Flag] = []
    /// How many reports had come when each denial was told.
    var reportsWhenDenied: [Int] = []
    /// What is sent arrives, and the answer does not.
    var losesAnswers = false
  }

  let folder = NSTemporaryDirectory() + "pumpkii-reporter-\(UUID().uuidString)"
  let home: AgentHome
  let log: DiagnosticsLog
  let state = Mutex(State())

  init() throws {
    home = try AgentHome(folder)
    log = DiagnosticsLog(path: "\(folder)/\(DiagnosticsLog.fileName)")
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func reporter() -> DiagnosticsReporter {
    DiagnosticsReporter(
      parts: DiagnosticsReporter.Parts(
        log: log, marker: RunMarker(home: home), environment: DiagnosticsEnvironment([.osVersion: "6.12"]),
        isAllowed: { [self] flag in state.withLock { $0.allowed.contains(flag) } },
        send: { [self] json in
          try state.withLock { state in
            if state.isDown { throw Failure() }
            state.reports.append(String(decoding: json, as: UTF8.self))
            if state.losesAnswers { throw Failure() }
          }
        },
        withdraw: { [self] in
          try state.withLock { state in
            if state.isDown { throw Failure() }
            state.withdrawals += 1
          }
        }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
        denied: { [self] flag in
          state.withLock { state in
            state.denied.append(flag)
            state.reportsWhenDenied.append(state.reports.count)
          }
        }))
  }

  func set(_ change: (inout State) -> Void) { state.withLock { change(&$0) } }
  var reports: [String] { state.withLock { $0.reports } }
  var withdrawals: Int { state.withLock { $0.withdrawals } }
}

@Suite struct DiagnosticsReporterTests {
  private static let day: UInt64 = 86_400_000_000

  @Test func nothingLeavesWithoutItsFlag() async throws {
    let desk = try Desk()
    let reporter = desk.reporter()
    reporter.begin()
    await reporter.look(now: 10 * Self.day)
    #expect(desk.reports.isEmpty)
    #expect(desk.withdrawals == 0)
    desk.set { $0.allowed = [.diagnosticsOperations] }
    await reporter.look(now: 10 * Self.day)
    #expect(desk.reports == [#"{"operations":["start"]}"#])
  }

  @Test func whatIsDeniedIsToldOnceAndAgainAfterItWasAllowed() async throws {
    let desk = try Desk()
    let reporter = desk.reporter()
    let others: Set<Flag> = [
      .diagnosticsEnvironment, .diagnosticsStatistics, .diagnosticsOperations, .diagnosticsErrors,
    ]
    for allowed: Set<Flag> in [others, others, others.union([.diagnosticsCrashes]), others] {
      desk.set { $0.allowed = allowed }
      await reporter.look(now: 10 * Self.day)
      await reporter.look(now: 10 * Self.day + 1)
    }
    #expect(desk.state.withLock { $0.denied } == [.diagnosticsCrashes, .diagnosticsCrashes])
  }

  /// Who waits for a denial to be told has waited for everything that the look sends.
  @Test func whatIsDeniedIsToldAfterTheRestWasSent() async throws {
    let desk = try Desk()
    desk.set { $0.allowed = [.diagnosticsEnvironment] }
    await desk.reporter().look(now: 10 * Self.day)
    let told = desk.state.withLock { $0.reportsWhenDenied }
    #expect(told == [1, 1, 1, 1], "a report for each of the four denials")
  }

  @Test func aReportADayAndNoMore() async throws {
    let desk = try Desk()
    desk.set { $0.allowed = [.diagnosticsEnvironment] }
    let reporter = desk.reporter()
    for hour in 0..<49 as Range<UInt64> { await reporter.look(now: 10 * Self.day + hour * Self.day / 24) }
    #expect(desk.reports.count == 3)
    // The clock went back a year.
    await reporter.look(now: 1)
    #expect(desk.reports.count == 4)
  }

  @Test func aConsentThatIsGoneTakesBackWhatWasSent() async throws {
    let desk = try Desk()
    desk.set { $0.allowed = [.diagnosticsEnvironment, .diagnosticsOperations] }
    let reporter = desk.reporter()
    reporter.begin()
    await reporter.look(now: 10 * Self.day)
    #expect(desk.reports.count == 1)
    desk.set {
      $0.allowed = [.diagnosticsEnvironment]
      $0.isDown = true
    }
    await reporter.look(now: 10 * Self.day + 1)
    #expect(desk.withdrawals == 0)
    // It stays owed over a restart of the agent, until the relay has done it.
    desk.set { $0.isDown = false }
    let again = desk.reporter()
    await again.look(now: 10 * Self.day + 2)
    #expect(desk.withdrawals == 1)
    await again.look(now: 10 * Self.day + 3)
    #expect(desk.withdrawals == 1)
    #expect(desk.reports.count == 1)
  }

  @Test func aReportWhoseAnswerWasLostIsTakenBackToo() async throws {
    let desk = try Desk()
    desk.set {
      $0.allowed = [.diagnosticsEnvironment]
      $0.losesAnswers = true
    }
    await desk.reporter().look(now: 10 * Self.day)
    #expect(desk.reports.count == 1)
    desk.set { $0.allowed = [] }
    // The power was cut before the answer: another start knows of it from the disk.
    let again = DiagnosticsLog(path: "\(desk.folder)/\(DiagnosticsLog.fileName)")
    #expect(again.sentKinds == [.environment])
    await desk.reporter().look(now: 10 * Self.day + 1)
    #expect(desk.withdrawals == 1)
  }

  @Test func aRelayThatIsDownIsNotAskedAgainAtOnceButAtAChange() async throws {
    let desk = try Desk()
    desk.set {
      $0.allowed = [.diagnosticsEnvironment]
      $0.isDown = true
    }
    let reporter = desk.reporter()
    await reporter.look(now: 10 * Self.day)
    desk.set { $0.isDown = false }
    await reporter.look(now: 10 * Self.day + 1)
    #expect(desk.reports.isEmpty)
    reporter.policyChanged()
    await reporter.look(now: 10 * Self.day + 2)
    #expect(desk.reports.count == 1)
  }

  @Test func aRunThatDidNotEndAsItShouldIsNoted() async throws {
    let desk = try Desk()
    desk.set { $0.allowed = [.diagnosticsCrashes] }
    let clean = desk.reporter()
    clean.begin()
    clean.end()
    let killed = desk.reporter()
    killed.begin()
    await killed.look(now: 10 * Self.day)
    #expect(desk.reports.isEmpty)
    let next = desk.reporter()
    next.begin()
    await next.look(now: 10 * Self.day)
    #expect(desk.reports == [#"{"crashes":{"agent-unclean-end":1}}"#])
  }
}
