import Foundation
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct RecorderTests {
  private func settings(_ change: (inout RecordSettings) -> Void = { _ in }) -> RecordSettings {
    var settings = RecordSettings()
    change(&settings)
    return settings
  }

  @Test func aClipBeginsWithFourSecondsAtARandomAccessPointAndOpensWithTheOwnersKey() async throws {
    let bench = try RecordBench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 20)
      #expect(bench.recorder.report.value.ringSeconds >= 4)
      #expect(bench.recorder.trigger(.motion))
      try bench.film(seconds: 3)
      #expect(bench.recorder.report.value.isRecording)
    }
    let clip = try bench.clip(1)
    let first = try #require(clip.of(.video).dropFirst().first)
    #expect(first.header.flags.contains(.randomAccess))
    #expect(clip.of(.video).first?.plaintext.kind == .initialization)
    // 20 s before the trigger are frames 1...500.
    let frames = clip.frames
    #expect(try #require(frames.first) <= 500 - 4 * 25)
    #expect(frames == Array(try #require(frames.first)...575))
    #expect(clip.missing == 0)
    #expect(clip.of(.audio).count { $0.plaintext.kind == .chunk } > 20)
    #expect(clip.heads == [1])
    #expect(clip.kinds.last == .clip)
    let record = try #require(clip.record)
    #expect(record.number == 1 && record.ending == .closed && record.epochs.map(\.number) == [1])
    let video = try #require(record.ranges.first { $0.first.kid.track == Track(.video) })
    #expect(video.last.kid == clip.of(.video).last?.header.kid)
    #expect(video.last.index == clip.of(.video).last?.header.index)
    #expect(clip.note?.contains(#""reason":"motion""#) == true)
  }

  @Test func reasonAndTimesAreNotInTheClear() async throws {
    let bench = try RecordBench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 5)
      bench.recorder.trigger(.sound)
      try bench.film(seconds: 1)
    }
    let bytes = try #require(try DurableFile.read(bench.recorder.spool.path(1)))
    let text = Data(bytes)
    for word in ["sound", "motion", "begin_us", "frame ", "reason"] {
      #expect(text.range(of: Data(word.utf8)) == nil, "\(word)")
    }
  }

  @Test func clipsFollowEachOtherWithoutAGap() async throws {
    let bench = try RecordBench(settings { $0.postRollSeconds = 2 })
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 10)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 5)
      #expect(!bench.recorder.report.value.isRecording)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 1)
    }
    let (first, second) = (try bench.clip(1).frames, try bench.clip(2).frames)
    #expect(try #require(first.last) + 1 == second.first)
    #expect(first == Array(try #require(first.first)...(try #require(first.last))))
  }

  @Test func aLongClipIsSplitWithoutAGapAndEachPartOpensAlone() async throws {
    let bench = try RecordBench(
      settings {
        $0.mode = .continuous
        $0.maxClipSeconds = 10
      })
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 35)
    }
    #expect(bench.clips.map(\.number) == [1, 2, 3, 4])
    let clips = try (1...4).map { try bench.clip($0) }
    #expect(clips.flatMap(\.frames) == Array(1...875))
    #expect(clips.map(\.missing) == [0, 0, 0, 0])
    #expect(clips.map { $0.note?.contains(#""goes_on":true"#) } == [false, true, true, true])
  }

  @Test func aClipHasNoMoreBytesThanARelayTakes() async throws {
    let bench = try RecordBench(
      settings {
        $0.mode = .continuous
        $0.clipBytes = 300_000
      })
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 10, bytes: 5000)
    }
    #expect(bench.clips.count > 2)
    #expect(try bench.clips.flatMap { try bench.clip($0.number).frames } == Array(1...250))
    // A clip ends at the next boundary after its bound: a second of film more at most.
    for clip in bench.clips { #expect(clip.byteCount < 300_000 + 2 * 25 * 5500) }
  }

  @Test func anEpochThatBeginsInAClipBringsItsKeys() async throws {
    let bench = try RecordBench(segment: 0)
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 6)
      try bench.beginEpoch()
      try bench.film(seconds: 2)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 1)
      try bench.beginEpoch()
      try bench.film(seconds: 1)
    }
    let clip = try bench.clip(1)
    #expect(clip.heads == [1, 2, 3])
    #expect(clip.record?.epochs.map(\.number) == [1, 2, 3])
    #expect(clip.missing == 0)
    #expect(clip.frames.last == 250)
  }

  @Test func aNewUplinkConnectionCutsNoClip() async throws {
    let bench = try RecordBench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 2)
      bench.recorder.trigger(.manual)
      try bench.film(seconds: 1)
      try bench.desk.connect()
      try bench.film(seconds: 1)
      bench.outbox.close()
      try bench.film(seconds: 1)
    }
    let clip = try bench.clip(1)
    #expect(clip.frames == Array(1...125))
    #expect(clip.objects.compactMap(\.cut).isEmpty)
  }

  @Test func recordingAloneLosesNothingInTheQueueToTheRelay() throws {
    let path = NSTemporaryDirectory() + "pumpkii-ledger-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let ledger = LedgerWriter(path: path, who: "agent")
    let outbox = Outbox(ledger: ledger)
    let bench = try RecordBench()
    let desk = SealingDesk(outbox: outbox, recorder: bench.recorder)
    let epoch = Epoch(number: EpochNumber(dangerouslyUnrecorded: 1), identity: bench.identity)
    let message = try epoch.message(
      to: [], time: 0, bootNonce: BootNonce([UInt8](repeating: 1, count: 16)), reason: .start, rosterVersion: 1,
      rosterHash: .zero)
    try desk.begin(FreshEpoch(epoch: epoch, message: message))
    guard case .cleared(let clearance) = bench.gate.clear(.video, for: .record) else { return }
    let unit = MediaUnit(
      track: Track(.video), kind: .chunk, payload: [1], captureTime: 1, duration: 1, isRandomAccess: true,
      initialization: [1])
    #expect(try desk.seal(clearance, unit) != nil)
    ledger.flush()
    #expect(try DurableFile.read(path) == nil)
    #expect(bench.recorder.report.value.ringBytes > 0)
  }

  @Test func withdrawalLeavesNothingInMemoryAndKeepsTheClipWhereTheOwnerWishesIt() async throws {
    let bench = try RecordBench(settings { $0.onWithdraw = .keep })
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 8)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 1)
      bench.desk.stop()
      bench.recorder.allowed(record: false)
      #expect(bench.recorder.report.value.ringBytes == 0)
      #expect(!bench.recorder.report.value.isRecording)
      #expect(!bench.recorder.trigger(.motion))
      try bench.beginEpoch()
      try bench.film(seconds: 5)
      #expect(bench.recorder.report.value.ringBytes == 0)
    }
    #expect(bench.clips.map(\.number) == [1])
    let clip = try bench.clip(1)
    #expect(clip.frames.last == 225)
    // Its open segments end: the end objects are the last of both tracks.
    #expect(clip.of(.video).last?.plaintext.kind == .segmentEnd)
    #expect(clip.of(.audio).last?.plaintext.kind == .segmentEnd)
  }

  @Test func withdrawalRemovesTheOpenClipWhereTheOwnerWishesIt() async throws {
    let bench = try RecordBench(settings { $0.onWithdraw = .delete })
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 8)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 1)
      _ = await bench.recorder.queue.settle()
      try bench.film(seconds: 1)
      bench.recorder.allowed(record: false)
      #expect(bench.recorder.report.value.ringBytes == 0)
    }
    #expect(bench.clips == [])
    #expect(try DurableFile.list("\(bench.folder)/spool/clips") == [])
    #expect(bench.recorder.spool.absence(of: 1) == .withdrawn)
  }

  @Test func withdrawalOverwritesThePreRoll() throws {
    let bench = try RecordBench()
    try bench.beginEpoch()
    try bench.film(seconds: 8)
    let bytes = bench.recorder.report.value.ringBytes
    #expect(bytes > 0)
    bench.recorder.wipe()
    #expect(bench.recorder.report.value.wipedBytes >= bytes)
    #expect(bench.recorder.report.value.ringBytes == 0)
  }

  @Test func afterANewPermissionAClipBeginsAtOnceWithAWholeSegment() async throws {
    let bench = try RecordBench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 2)
      bench.recorder.allowed(record: false)
      try bench.film(seconds: 2)
      bench.recorder.allowed(record: true)
      try bench.film(seconds: 1)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 1)
    }
    #expect(try bench.clip(1).frames == Array(101...150))
  }

  @Test func aSensorThatClosesEndsTheClip() async throws {
    let bench = try RecordBench(settings { $0.mode = .continuous })
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 2)
      try bench.desk.pause()
      bench.clock.pass(11_000_000_000)
      bench.recorder.tick()
      _ = await bench.recorder.queue.settle()
      #expect(bench.clips.map(\.number) == [1])
      try bench.film(seconds: 1)
    }
    #expect(bench.clips.map(\.number) == [1, 2])
    #expect(try bench.clip(1).objects.last?.plaintext.kind == .segmentEnd)
  }

  @Test func photosAndEventsAreInTheClip() async throws {
    let bench = try RecordBench()
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 1)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 1)
      guard case .cleared(let clearance) = bench.gate.clear(.photo, for: [.photo, .record]) else { return }
      #expect(try bench.desk.sealPhoto(clearance, jpeg: [1, 2, 3], captureTime: 5) != nil)
    }
    #expect(try bench.clip(1).of(.photo).first?.plaintext.payload == [1, 2, 3])
  }
}
