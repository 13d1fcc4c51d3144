import Foundation
import PumpkiiAgent
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct SpoolTests {
  /// A bench with so many clips of two seconds.
  private func recorded(
    _ count: Int, bytes: Int = 100, _ change: (inout RecordSettings) -> Void = { _ in }
  ) async throws -> RecordBench {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    change(&settings)
    let bench = try RecordBench(settings, segment: 0)
    try await bench.run { bench in
      try bench.beginEpoch()
      for _ in 0..<count {
        try bench.film(seconds: 2, bytes: bytes)
        _ = await bench.recorder.queue.settle()
      }
    }
    return bench
  }

  private func reopen(_ bench: RecordBench) throws -> Spool {
    let spool = try Spool(
      folder: "\(bench.folder)/spool", identity: bench.identity, settings: bench.recorder.settings,
      report: Published(RecorderState()))
    try spool.heal()
    return spool
  }

  @Test func aClipCutAnywhereIsHealedAndKeepsItsWholeObjects() async throws {
    let bench = try await recorded(1)
    let path = bench.recorder.spool.path(1)
    let whole = try #require(try DurableFile.read(path))
    let frames = try bench.clip(1).frames
    var kept: Set<Int> = []
    for count in stride(from: 0, through: whole.count, by: 613) {
      try DurableFile.remove(path)
      try DurableFile.remove("\(bench.folder)/spool/index")
      try DurableFile.write(Array(whole.prefix(count)), to: "\(bench.folder)/spool/clips/1.open")
      let spool = try reopen(bench)
      guard !spool.clips.isEmpty else {
        #expect(spool.absence(of: 1) == .lost, "cut at \(count)")
        continue
      }
      let clip = try bench.clip(1)
      #expect(clip.record?.ending == .healed)
      #expect(clip.frames == Array(frames.prefix(clip.frames.count)))
      #expect(clip.missing == 0)
      kept.insert(clip.frames.count)
    }
    #expect(kept.count > 10)
    #expect(kept.isSubset(of: Set(0...50)))
  }

  @Test func aClipThatEndedBeforeItsNameIsAsItWas() async throws {
    let bench = try await recorded(1)
    let path = bench.recorder.spool.path(1)
    let whole = try #require(try DurableFile.read(path))
    try DurableFile.remove(path)
    try DurableFile.write(whole, to: "\(bench.folder)/spool/clips/1.open")
    #expect(try reopen(bench).clips.map(\.number) == [1])
    #expect(try DurableFile.read(path) == whole)
  }

  @Test func garbageBehindACrashIsCutOff() async throws {
    let bench = try await recorded(1)
    let path = bench.recorder.spool.path(1)
    var bytes = try #require(try DurableFile.read(path))
    // The last quarter was never written, as after a power cut; among it the record.
    for place in bytes.count * 3 / 4..<bytes.count { bytes[place] = 0 }
    try DurableFile.remove(path)
    try DurableFile.write(bytes, to: "\(bench.folder)/spool/clips/1.open")
    #expect(try reopen(bench).clips.map(\.number) == [1])
    let clip = try bench.clip(1)
    #expect(clip.record?.ending == .healed)
    #expect(clip.frames.count > 20)
  }

  @Test func numbersGoOnAfterARestartAndNoneIsUsedTwice() async throws {
    let bench = try await recorded(2)
    let again = try Recorder(
      folder: "\(bench.folder)/spool", identity: bench.identity, logger: RecordBench.quiet)
    #expect(again.highestClip == 2)
    try FileManager.default.removeItem(atPath: bench.recorder.spool.path(2))
    let spool = try reopen(bench)
    #expect(spool.clips.map(\.number) == [1])
    #expect(spool.absence(of: 2) == .lost)
    #expect(spool.absence(of: 3) == nil)
  }

  @Test func aDamagedNumberFileIsNoFreshStart() async throws {
    let bench = try await recorded(1)
    try DurableFile.write(Array("7".utf8), to: "\(bench.folder)/spool/number")
    #expect(throws: AgentError(.home, "", advice: "")) { try reopen(bench) }
  }

  @Test func theOldestGoForTheNewestAndTheirNumbersAreExplained() async throws {
    let one = try await recorded(1, bytes: 20_000)
    let size = try #require(one.clips.first).byteCount
    let bench = try await recorded(5, bytes: 20_000) { $0.bytes = size * 5 / 2 }
    #expect(bench.recorder.highestClip == 5)
    #expect(bench.clips.map(\.number) == [4, 5])
    for number in 1...3 as ClosedRange<UInt64> { #expect(bench.recorder.spool.absence(of: number) == .bytes) }
    #expect(bench.clips.reduce(0) { $0 + $1.byteCount } <= size * 5 / 2)
    #expect(try bench.clip(5).missing == 0)
  }

  @Test func afterItsDaysAClipGoes() async throws {
    let bench = try await recorded(2) { $0.days = 3 }
    let (now, uptime) = (Clocks.unixMicroseconds() / 1_000_000, Clocks.monotonic() / 1_000_000_000)
    bench.recorder.spool.sweep(now: now + 3 * 86_400 - 60, uptime: uptime + 3 * 86_400 - 60)
    #expect(bench.clips.count == 2)
    bench.recorder.spool.sweep(now: now + 3 * 86_400 + 60, uptime: uptime + 3 * 86_400 + 60)
    #expect(bench.clips.isEmpty)
    #expect(bench.recorder.spool.absence(of: 1) == .days)
    #expect(bench.recorder.report.value.clips == 0)
    #expect(bench.recorder.report.value.bytes == 0)
  }

  @Test func aFolderThatCannotBeWrittenCostsClipsAndNothingElse() async throws {
    let bench = try RecordBench()
    try FileManager.default.removeItem(atPath: "\(bench.folder)/spool")
    try DurableFile.write([], to: "\(bench.folder)/spool")
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 1)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.report.value.trouble != nil)
      #expect(bench.recorder.report.value.lostObjects > 0)
    }
    #expect(bench.clips == [])
  }
}
