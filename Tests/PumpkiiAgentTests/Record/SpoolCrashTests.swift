import Foundation
import PumpkiiAgent
import PumpkiiSystem
import PumpkiiWire
import Testing

/// What a start makes of a folder that a crash, a clock or a disk left in a strange state.
@Suite struct SpoolCrashTests {
  private func recorded(
    _ count: Int, _ change: (inout RecordSettings) -> Void = { _ in }
  ) async throws -> RecordBench {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    change(&settings)
    let bench = try RecordBench(settings, segment: 0)
    try await bench.run { bench in
      try bench.beginEpoch()
      for _ in 0..<count {
        try bench.film(seconds: 2)
        _ = await bench.recorder.queue.settle()
      }
    }
    return bench
  }

  private func spool(_ bench: RecordBench) throws -> Spool {
    try Spool(
      folder: "\(bench.folder)/spool", identity: bench.identity, settings: bench.recorder.settings,
      report: Published(RecorderState()))
  }

  private func clips(_ bench: RecordBench) -> String { "\(bench.folder)/spool/clips" }

  @Test func oneThatCannotBeHealedHidesNoOtherAndIsNotCalledLost() async throws {
    let bench = try await recorded(3)
    // It cannot be read; by its name it comes before the others.
    try DurableFile.remove(bench.recorder.spool.path(1))
    try FileManager.default.createDirectory(atPath: "\(clips(bench))/1.open", withIntermediateDirectories: false)
    let again = try spool(bench)
    #expect(throws: AgentError(.home, "", advice: "")) { try again.heal() }
    #expect(again.clips.map(\.number) == [2, 3])
    #expect(again.absence(of: 1) == nil, "it is there, and may yet be healed")
  }

  @Test func aRemovalThatACrashCutShortIsFinishedAtTheNextStart() async throws {
    let bench = try await recorded(3)
    let whole = try #require(try DurableFile.read(bench.recorder.spool.path(1)))
    try bench.recorder.spool.remove(1, .withdrawn)
    // The explanation was on the disk, and the file was still there.
    try DurableFile.write(whole, to: bench.recorder.spool.path(1))
    try DurableFile.write(whole, to: "\(clips(bench))/2.open")
    try bench.recorder.spool.remove(2, .days)
    let again = try spool(bench)
    try again.heal()
    #expect(again.clips.map(\.number) == [3])
    #expect(again.absence(of: 1) == .withdrawn && again.absence(of: 2) == .days)
    #expect(try DurableFile.list(clips(bench)) == ["3.pumpkii"])
  }

  @Test func whatAKillInTheMiddleOfAWriteLeftIsGoneAtTheNextStart() async throws {
    let bench = try await recorded(1)
    let names = try DurableFile.list("\(bench.folder)/spool")
    try DurableFile.write([1], to: "\(bench.folder)/spool/index.new.1.7")
    _ = try spool(bench)
    #expect(try DurableFile.list("\(bench.folder)/spool") == names)
  }

  @Test func whatWasCalledLostIsKeptWhenItIsThereAfterAll() async throws {
    let bench = try await recorded(2)
    let whole = try #require(try DurableFile.read(bench.recorder.spool.path(1)))
    try DurableFile.remove(bench.recorder.spool.path(1))
    let without = try spool(bench)
    try without.heal()
    #expect(without.absence(of: 1) == .lost)
    try DurableFile.write(whole, to: bench.recorder.spool.path(1))
    let again = try spool(bench)
    try again.heal()
    #expect(again.clips.map(\.number) == [1, 2])
  }

  /// Killed between the withdrawal and the removal, or withdrawn while nobody ran.
  @Test(arguments: [RecordSettings.Withdrawal.keep, .delete], [true, false])
  func whatACrashLeftOpenGoesWhereItWasWithdrawn(wish: RecordSettings.Withdrawal, isGranted: Bool) async throws {
    let bench = try await recorded(1) { $0.onWithdraw = wish }
    let path = bench.recorder.spool.path(1)
    let whole = try #require(try DurableFile.read(path))
    try DurableFile.remove(path)
    try DurableFile.write(Array(whole.dropLast(400)), to: "\(clips(bench))/1.open")
    let again = try spool(bench)
    try again.heal { classes in
      #expect(classes.contains(.video) && classes.contains(.audio))
      return isGranted
    }
    let goes = wish == .delete && !isGranted
    #expect(again.clips.map(\.number) == (goes ? [] : [1]))
    #expect(again.absence(of: 1) == (goes ? .withdrawn : nil))
  }

  @Test func aClipThatHasItsNameIsNotBegunAnew() async throws {
    let bench = try await recorded(1)
    let path = bench.recorder.spool.path(1)
    let whole = try #require(try DurableFile.read(path))
    // Its name came onto the disk, and the folder could not be synced: it is tried again.
    try bench.recorder.spool.close(1, [1, 2, 3])
    #expect(try DurableFile.read(path) == whole)
    #expect(bench.clips.map(\.number) == [1])
  }

  @Test func explanationsOfSeveralThreadsAreAllOnTheDisk() async throws {
    for _ in 0..<5 {
      let bench = try await recorded(12)
      let spool = bench.recorder.spool
      await withTaskGroup(of: Void.self) { group in
        for clip in bench.clips {
          // Two reasons by turns, so that each number is a line of its own.
          let reason: ClipIndex.Reason = clip.number.isMultiple(of: 2) ? .deleted : .withdrawn
          group.addTask { await DeviceThread.run(named: "remove") { try? spool.remove(clip.number, reason) } }
        }
      }
      let bytes = try #require(try DurableFile.read("\(bench.folder)/spool/index"))
      let index = ClipIndex(decoding: bytes)
      for number in 1...12 as ClosedRange<UInt64> { #expect(index.reason(of: number) == spool.absence(of: number)) }
    }
  }

  @Test func aClockThatIsSetWhileItRunsRemovesNothingOfThisRun() async throws {
    let bench = try await recorded(2) { $0.days = 3 }
    let (now, uptime) = (Clocks.unixMicroseconds() / 1_000_000, Clocks.monotonic() / 1_000_000_000)
    // It was never set before: everything so far looks older than its days.
    let later = now + 400 * 86_400
    bench.recorder.spool.sweep(now: later, uptime: uptime + 60)
    #expect(bench.clips.map(\.number) == [1, 2])
    // The next start knows their age by their files alone.
    let again = try spool(bench)
    try again.heal()
    again.sweep(now: later + 3 * 86_400 - 3600, uptime: 10)
    #expect(again.clips.map(\.number) == [1, 2])
    again.sweep(now: later + 3 * 86_400 + 3600, uptime: 10)
    #expect(again.clips.isEmpty)
  }

  @Test func oneFromWhileTheClockWasAheadKeepsNoneAfterIt() async throws {
    let bench = try await recorded(3) { $0.days = 3 }
    let now = Clocks.unixMicroseconds() / 1_000_000
    try DurableFile.date(bench.recorder.spool.path(1), now + 4000 * 86_400)
    let again = try spool(bench)
    try again.heal()
    again.sweep(now: now + 4 * 86_400, uptime: 10)
    #expect(again.clips.map(\.number) == [1])
    #expect(again.absence(of: 2) == .days)
  }
}
