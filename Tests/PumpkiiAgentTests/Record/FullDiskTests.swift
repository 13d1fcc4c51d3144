import Foundation
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import Testing

/// A disk without room stops recording, says so, loses nothing that was whole, and denies no less than before.
@Suite(.enabled(if: FullDisk.isPossible, "a small disk can be mounted")) struct FullDiskTests {
  private final class Disk: @unchecked Sendable {
    var disk: FullDisk?
  }

  private func bench() throws -> (RecordBench, FullDisk) {
    var settings = RecordSettings()
    settings.mode = .manual
    let held = Disk()
    let bench = try RecordBench(settings, segment: 0) { folder in held.disk = try FullDisk(over: "\(folder)/spool") }
    return (bench, try #require(held.disk))
  }

  @Test(.timeLimit(.minutes(10))) func aClipThatMetAFullDiskIsWholeAndEndsOnceThereIsRoom() async throws {
    let (bench, disk) = try bench()
    try await bench.run { bench in
      try bench.beginEpoch()
      bench.recorder.trigger(.manual, for: 600_000_000_000)
      try bench.film(seconds: 3)
      _ = await bench.recorder.queue.settle()
      disk.fill()
      try bench.film(seconds: 3, bytes: 20_000)
      _ = await bench.recorder.queue.settle()
      let trouble = try #require(bench.recorder.report.value.trouble)
      #expect(trouble.contains("No space left on device"), "\(trouble)")
      #expect(bench.recorder.report.value.lostObjects > 0)
      // It ends on the full disk.
      bench.recorder.allowed(record: false)
      _ = await bench.recorder.queue.settle()
      disk.free()
      bench.recorder.tick()
      _ = await bench.recorder.queue.settle()
      #expect(bench.clips.map(\.number) == [1])
      #expect(bench.recorder.report.value.trouble == nil)
      let frames = try bench.clip(1).frames
      #expect(Array(frames.prefix(75)) == Array(1...75), "what was on the disk before is whole")
    }
    #expect(try bench.clip(1).record?.ending == .closed)
    withExtendedLifetime(disk) {}
  }

  @Test(.timeLimit(.minutes(10))) func aClipThatGoesOnComesBackInTheSameFile() async throws {
    let (bench, disk) = try bench()
    try await bench.run { bench in
      try bench.beginEpoch()
      bench.recorder.trigger(.manual, for: 600_000_000_000)
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      disk.fill()
      try bench.film(seconds: 2, bytes: 20_000)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.report.value.trouble != nil)
      disk.free()
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.report.value.trouble == nil)
    }
    let frames = try bench.clip(1).frames
    #expect(Array(frames.prefix(50)) == Array(1...50) && frames.last == 150)
    withExtendedLifetime(disk) {}
  }

  /// Segments, and an epoch, that began while nothing could be written open all the same once they go on.
  @Test(.timeLimit(.minutes(10))) func keysThatTheDiskDidNotTakeAreNotLost() async throws {
    let (bench, disk) = try bench()
    try await bench.run { bench in
      try bench.beginEpoch()
      bench.recorder.trigger(.manual, for: 600_000_000_000)
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      disk.fill()
      // So that no slack of a page takes the message.
      try bench.film(seconds: 1, bytes: 20_000)
      try bench.sound()
      for _ in 0..<8 { try bench.beginEpoch() }
      try bench.film(seconds: 1, bytes: 20_000)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.report.value.trouble != nil)
      disk.free()
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
    }
    let clip = try bench.clip(1)
    #expect(clip.record?.ending == .closed)
    #expect(Array(clip.frames.prefix(50)) == Array(1...50) && clip.frames.last == 150)
    #expect(clip.heads.last == 9)
    withExtendedLifetime(disk) {}
  }

  @Test(.timeLimit(.minutes(10))) func aClipThatTheDiskDidNotTakeBeginsOnceThereIsRoom() async throws {
    let (bench, disk) = try bench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 2)
      disk.fill()
      bench.recorder.trigger(.manual, for: 600_000_000_000)
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      let trouble = try #require(bench.recorder.report.value.trouble)
      #expect(trouble.contains("No space left on device"), "\(trouble)")
      #expect(bench.recorder.report.value.openClip == nil)
      disk.free()
      try bench.film(seconds: 2)
      _ = await bench.recorder.queue.settle()
      #expect(bench.recorder.report.value.openClip != nil)
      try bench.film(seconds: 1)
    }
    let clip = try #require(bench.clips.last)
    #expect(try bench.clip(clip.number).frames.last == 175)
    #expect(try bench.clip(clip.number).missing == 0)
    #expect(bench.recorder.report.value.trouble == nil)
    withExtendedLifetime(disk) {}
  }

  /// The finished clips that go for a newer one are the oldest, with their reason.
  @Test(.timeLimit(.minutes(10))) func theOldestClipGoesForTheNewestAndIsExplained() async throws {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    let held = Disk()
    let bench = try RecordBench(settings, segment: 0) { folder in held.disk = try FullDisk(over: "\(folder)/spool") }
    try await bench.run { bench in
      try bench.beginEpoch()
      for _ in 0..<6 {
        try bench.film(seconds: 2, bytes: 20_000)
        _ = await bench.recorder.queue.settle()
      }
    }
    #expect(bench.clips.map(\.number).last == 6)
    #expect(bench.recorder.spool.absence(of: 1) == .full)
    // They waited for the relay: that they did not come there is no secret.
    let gone = UInt64(6 - bench.clips.count)
    let report = bench.recorder.report.value
    #expect(report.removed == [.full: gone] && report.unsent == gone)
    var status = BoardStatus()
    bench.recorder.describe(into: &status, hasRelay: true)
    #expect(status.counters["clips_removed_full"] == gone && status.counters["clips_removed_unsent"] == gone)
    let metrics = Metrics()
    metrics.add(bench.recorder)
    #expect(metrics.text.contains("pumpkii_clips_removed_total{reason=\"full\"} \(gone)\n"))
    #expect(metrics.text.contains("pumpkii_clips_unsent_total \(gone)\n"))
    for clip in bench.clips { #expect(try bench.clip(clip.number).missing == 0) }
    withExtendedLifetime(held) {}
  }

  /// What cannot be written holds all the same while the agent runs, and nothing is allowed that was not.
  @Test(.timeLimit(.minutes(10))) func aWithdrawalOnAFullDiskHolds() async throws {
    let house = try Household()
    try await house.allow([.sensorCamera, .sensorMicrophone], version: 1)
    // What is there goes onto the small disk.
    let aside = "\(house.folder)-aside"
    try FileManager.default.copyItem(atPath: house.folder, toPath: aside)
    let disk = try FullDisk(over: house.folder)
    defer { try? FileManager.default.removeItem(atPath: aside) }
    for name in try FileManager.default.contentsOfDirectory(atPath: aside) {
      try FileManager.default.copyItem(atPath: "\(aside)/\(name)", toPath: "\(house.folder)/\(name)")
    }
    disk.fill()
    _ = try? await house.keeper.narrowOnBoard(.sensorMicrophone)
    #expect(house.bench.gate.denial(.openSensor, .sensorMicrophone) != nil)
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) == nil)
    try? await house.allow([.sensorCamera, .sensorMicrophone, .recordLocal], version: 2)
    #expect(house.bench.gate.denial(.record, .recordLocal) != nil, "nothing is widened that a restart would not know")
    disk.free()
    let bench = Bench(allowed: [])
    _ = try Household.keeper(house.home, house.device, bench)
    #expect(bench.gate.denial(.record, .recordLocal) != nil)
    withExtendedLifetime(disk) {}
  }
}
