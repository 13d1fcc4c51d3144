import Foundation
import Logging
import PumpkiiAgent
import PumpkiiSystem
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(10))) struct NoticeTests {
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// Runs a desk until `isDone`.
  private func run(_ desk: NoticeDesk, until isDone: @Sendable @escaping () -> Bool) async throws {
    let group = ServiceGroup(services: [desk], logger: Self.quiet)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      while !isDone() { await Task.yield() }
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test func eachNoticeIsAskedForAtTheMomentItWouldBeShown() async throws {
    let shown = Mutex<[Notice]>([])
    let isAllowed = Mutex(false)
    let told = Mutex<[Notice]>([])
    let desk = NoticeDesk(
      kinds: Set(Notice.allCases), denied: { notice in told.withLock { $0.append(notice) } },
      isAllowed: { _ in isAllowed.withLock { $0 } },
      show: { notice in shown.withLock { $0.append(notice) } }, logger: Self.quiet)
    // Allowed when it happens and denied when it would be shown: it is not.
    isAllowed.withLock { $0 = true }
    desk.tell(.motion)
    isAllowed.withLock { $0 = false }
    try await run(desk) { desk.count.denied == 1 }
    #expect(shown.withLock { $0 }.isEmpty)
    #expect(told.withLock { $0 } == [.motion])
  }

  @Test func whatIsAllowedAndWantedIsShownOnce() async throws {
    let shown = Mutex<[Notice]>([])
    let desk = NoticeDesk(
      kinds: [.motion, .clip], isAllowed: { _ in true },
      show: { notice in shown.withLock { $0.append(notice) } }, logger: Self.quiet)
    for notice in [.motion, .sensor, .motion, .clip] as [Notice] { desk.tell(notice) }
    try await run(desk) { desk.count.shown == 2 }
    #expect(shown.withLock { $0 } == [.motion, .clip])
    #expect(desk.lost == 1)
  }

  @Test func aProgramThatFailsIsCountedAndEndsNothing() async throws {
    let desk = NoticeDesk(
      kinds: Set(Notice.allCases), isAllowed: { _ in true },
      show: { _ in try NoticeProgram.run("/bin/false", [], environment: [:]) }, logger: Self.quiet)
    desk.tell(.motion)
    desk.tell(.sound)
    try await run(desk) { desk.count.failed == 2 }
    #expect(desk.count.shown == 0)
  }

  @Test func everyNoticeNamesTheSwitchThatEndsIt() {
    for notice in Notice.allCases {
      let words = NoticeProgram.notifySend.arguments(notice).joined(separator: " ")
      #expect(words.contains("notify.system=deny"))
      #expect(words.contains("`\(notice.kind)`"))
    }
  }

  @Test func aKindComesOnceAMinute() {
    var pace = NoticePace()
    let told = [(Notice.motion, 1), (.motion, NoticePace.interval), (.sound, 2), (.motion, NoticePace.interval + 1)]
      .map { pace.take($0.0, now: $0.1) }
    #expect(told == [true, false, true, true])
    #expect(pace.held == 1)
  }

  @Test func aProgramGetsItsArgumentsAndNothingElseOfOurs() throws {
    let folder = NSTemporaryDirectory() + "pumpkii-notice-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let program = "\(folder)/notify-send"
    let script = """
      #!/bin/sh
      { echo "$#"; for word in "$@"; do echo "$word"; done; env; ls /proc/self/fd; } > "\(folder)/seen"
      """
    #expect(
      FileManager.default.createFile(
        atPath: program, contents: Data(script.utf8), attributes: [.posixPermissions: 0o755]))
    #expect(NoticeProgram.notifySend.path(in: ["/nonexistent", folder]) == program)
    let arguments = NoticeProgram.notifySend.arguments(.motion)
    try NoticeProgram.run(
      program, arguments, environment: ["XDG_RUNTIME_DIR": "/run/user/1", "PUMPKII_SECRET": "secret"])
    let seen = try String(contentsOfFile: "\(folder)/seen", encoding: .utf8)
    #expect(seen.hasPrefix("\(arguments.count)\n" + arguments.joined(separator: "\n")))
    #expect(seen.contains("XDG_RUNTIME_DIR=/run/user/1"))
    #expect(!seen.contains("SECRET"))
    #expect(!seen.contains("HOME="))
    // Standard input, output, errors, and the folder that `ls` reads.
    let descriptors = seen.split(separator: "\n").compactMap { Int($0) }.dropFirst()
    #expect(descriptors.max() ?? 0 <= 4)
    #expect(throws: SystemError.self) { try NoticeProgram.run("/nonexistent/notify-send", [], environment: [:]) }
  }
}
