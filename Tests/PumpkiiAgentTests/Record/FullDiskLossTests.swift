import Foundation
import PumpkiiAgent
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// What a full disk must not widen, hide or lose.
@Suite(.enabled(if: FullDisk.isPossible, "a small disk can be mounted"), .timeLimit(.minutes(1)))
struct FullDiskLossTests {
  private final class Disk: @unchecked Sendable {
    var disk: FullDisk?
  }

  private func bench(megabytes: Int = 4) throws -> (RecordBench, FullDisk) {
    var settings = RecordSettings()
    settings.mode = .manual
    let held = Disk()
    let bench = try RecordBench(settings, segment: 0) { folder in
      held.disk = try FullDisk(over: "\(folder)/spool", megabytes: megabytes)
    }
    return (bench, try #require(held.disk))
  }

  private func again(_ bench: RecordBench) throws -> Spool {
    try Spool(
      folder: "\(bench.folder)/spool", identity: bench.identity, settings: bench.recorder.settings,
      report: Published(RecorderState()))
  }

  /// A clip by hand of what `body` films.
  private static func clip(_ bench: RecordBench, _ body: () throws -> Void) async throws {
    bench.recorder.allowed(record: true)
    bench.recorder.trigger(.manual, for: 600_000_000_000)
    try body()
    bench.recorder.allowed(record: false)
    _ = await bench.recorder.queue.settle()
  }

  /// The power was cut while it recorded, on a disk that is full since: the next start makes room and goes on.
  @Test func aCrashOnAFullDiskIsHealedAtTheOldestClipsCost() async throws {
    let (bench, disk) = try bench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try await Self.clip(bench) { try bench.film(seconds: 3) }
      // So many epochs that the record needs a page of its own.
      try await Self.clip(bench) {
        for _ in 0..<100 {
          try bench.film(seconds: 1)
          try bench.beginEpoch()
        }
      }
    }
    let path = bench.recorder.spool.path(2)
    let scan = try ClipScan(path: path, key: bench.identity.publicKey, verifies: false)
    #expect(try #require(scan.record).count > 4096)
    try DurableFile.rename(path, to: "\(bench.folder)/spool/clips/2.open")
    try DurableFile.cut("\(bench.folder)/spool/clips/2.open", to: scan.bodyByteCount)
    disk.fill()
    let again = try again(bench)
    try again.heal()
    #expect(again.clips.map(\.number) == [2])
    #expect(again.absence(of: 1) == .full)
    #expect(try bench.clip(2).record?.ending == .healed)
    withExtendedLifetime(disk) {}
  }

  @Test func whatIsLargerThanTheRoomThatIsLeftMakesMore() async throws {
    let (bench, disk) = try bench(megabytes: 12)
    try await bench.run { bench in
      try bench.beginEpoch()
      try await Self.clip(bench) { try bench.film(seconds: 2, bytes: 100_000) }
      disk.fill(leaving: 2048)
      try await Self.clip(bench) {
        try bench.frame(isRandomAccess: true)
        try bench.frame(isRandomAccess: false, bytes: 3 << 20)
      }
    }
    #expect(bench.clips.map(\.number) == [2])
    #expect(bench.recorder.spool.absence(of: 1) == .full)
    #expect(try bench.clip(2).frames == [51, 52])
    #expect(bench.recorder.report.value.lostObjects == 0)
    withExtendedLifetime(disk) {}
  }

  @Test func aClipThatMayLeaveNoLongerStaysThoughTheDiskDidNotTakeThat() async throws {
    let (bench, disk) = try bench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try await Self.clip(bench) { try bench.film(seconds: 1) }
      bench.recorder.allowed(record: true)
      bench.recorder.trigger(.manual, for: 600_000_000_000)
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      disk.fill()
      bench.recorder.allowed(upload: false)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.spool.waiting.map(\.number) == [1])
      // A start that finds no list keeps all clips here.
      #expect(try DurableFile.read("\(bench.folder)/spool/cloud") == nil)
      disk.free()
      bench.recorder.tick()
      _ = await bench.recorder.queue.settle()
    }
    let again = try again(bench)
    try again.heal()
    #expect(again.clips.map(\.number) == [1, 2] && again.waiting.map(\.number) == [1], "it is written anew")
    withExtendedLifetime(disk) {}
  }

  @Test func aReleaseThatTheDiskDidNotTakeReleasesNothing() async throws {
    let (bench, disk) = try bench()
    bench.recorder.allowed(upload: false)
    try await bench.run { bench in
      try bench.beginEpoch()
      try await Self.clip(bench) { try bench.film(seconds: 1) }
    }
    disk.fill()
    #expect(throws: AgentError(.home, "", advice: "")) { try bench.recorder.spool.release(nil) }
    #expect(bench.recorder.spool.waiting.isEmpty, "who was told that it failed is not overruled")
    disk.free()
    try bench.recorder.spool.release(nil)
    #expect(bench.recorder.spool.waiting.map(\.number) == [1])
    withExtendedLifetime(disk) {}
  }
}
