import PumpkiiDemo
import Testing

/// The laws of conservation, on ledgers small enough to count by hand.
struct DemoAccountingTests {
  @Test func everyUnitOfAnEventfulRunIsInItsPlace() throws {
    var run = LedgerText()
    run.opened("camera")
    run.ended("video", 0, "dropped", "unwatched")
    run.whole(1, index: 1)
    run.ended("video", 2, "dropped", "driver")
    run.whole(3, index: 2)
    run.ended("video", 4, "denied", "share.video")
    run.sealed("video", 5, index: 3)
    run.queueLost("video", index: 3)
    run.sealed("video", 6, index: 4)
    run.sealed("video", 7, index: 5)
    run.delivered("video", index: 5)
    run.ended("video", 8, "dropped", "shutdown")
    run.closed("camera", made: 9)

    let accounting = DemoAccounting(try run.ledger)
    let video = accounting.summary.video
    #expect(accounting.broken == [])
    #expect(video.captured == 9)
    #expect(video.denied == 1)
    #expect(video.dropped.driver == 1 && video.dropped.unwatched == 1 && video.dropped.shutdown == 1)
    #expect(video.dropped.total == 3)
    #expect(video.sealed == 5)
    #expect(video.watched == 5)
    #expect(video.delivered == 3)
    #expect(video.opened == 2)
    #expect(video.lost == 3)
    #expect(video.lostBy.agentQueue == 1 && video.lostBy.relay == 1 && video.lostBy.viewer == 1)
    #expect(accounting.summary.relay.bytes == 3000)
  }

  @Test func aFrameTheDeviceMadeAndNobodyEndedBreaksTheFirstLaw() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.closed("camera", made: 3)
    let accounting = DemoAccounting(try run.ledger)
    #expect(accounting.summary.video.captured == 3)
    #expect(
      accounting.broken.map(\.description) == [
        "unit 1 of video has no end (2 in all)",
        "video: captured 3 = denied 0 + dropped 0 + sealed 1 does not hold",
      ])
  }

  @Test func aHoleInTheNumbersIsNoticedWithoutTheDevicesCount() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.whole(2, index: 2)
    #expect(DemoAccounting(try run.ledger).broken.first?.description == "unit 1 of video has no end (1 in all)")
  }

  @Test func aUnitThatEndsTwiceBreaksTheFirstLaw() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.ended("video", 0, "dropped", "encoder")
    run.closed("camera", made: 1)
    let broken = DemoAccounting(try run.ledger).broken.map(\.description)
    #expect(broken.contains("unit 0 of video ended twice"))
    #expect(broken.contains("video: captured 1 = denied 0 + dropped 1 + sealed 1 does not hold"))
  }

  @Test func numbersBeginAgainWhenTheDeviceOpensAgain() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.closed("camera", made: 2)
    // The last unit was on its way when the device closed.
    run.ended("video", 1, "dropped", "shutdown")
    run.opened("camera")
    run.whole(0, index: 2)
    run.closed("camera", made: 1)
    let accounting = DemoAccounting(try run.ledger)
    #expect(accounting.broken == [])
    #expect(accounting.summary.video.captured == 3)
  }

  @Test func aMicrophonesSamplesAreCountedInUnitsOfTwentyMilliseconds() throws {
    var run = LedgerText()
    run.opened("microphone")
    for unit in 0..<5 { run.sealed("audio", unit, index: 1) }
    run.ended("audio", 5, "dropped", "shutdown")
    run.delivered("audio", index: 1)
    run.open("audio", index: 1)
    run.closed("microphone", made: 5 * 320 + 1, rate: 16_000)
    let accounting = DemoAccounting(try run.ledger)
    #expect(accounting.broken == [])
    #expect(accounting.summary.audio.captured == 6)
    // One object holds five packets; all of them are opened with it.
    #expect(accounting.summary.audio.opened == 5)
    #expect(accounting.summary.audio.watched == 5)
    #expect(accounting.summary.video == DemoSummary.Track())
  }

  @Test func soundBegunAndNotEndedIsMissed() throws {
    var run = LedgerText()
    run.opened("microphone")
    run.ended("audio", 0, "dropped", "unwatched")
    run.closed("microphone", made: 321, rate: 16_000)
    #expect(DemoAccounting(try run.ledger).broken.first?.description == "unit 1 of audio has no end (1 in all)")
  }

  @Test func samplesWithoutTheirRateSayNothing() throws {
    var run = LedgerText()
    run.opened("microphone")
    run.ended("audio", 0, "dropped", "unwatched")
    run.closed("microphone", made: 321)
    let accounting = DemoAccounting(try run.ledger)
    #expect(accounting.broken == [])
    #expect(accounting.summary.audio.captured == 1)
  }

  @Test func anUnknownReasonIsNoPlaceToLoseAUnit() throws {
    var run = LedgerText()
    run.opened("camera")
    run.ended("video", 0, "dropped", "mislaid")
    run.closed("camera", made: 1)
    let broken = DemoAccounting(try run.ledger).broken.map(\.description)
    #expect(broken.contains("video: 1 units were dropped for an unknown reason (mislaid)"))
    #expect(broken.contains { $0.hasPrefix("video: captured 1 =") })
  }

  @Test func anEmptyRunKeepsEveryLaw() throws {
    let accounting = DemoAccounting(Ledger())
    #expect(accounting.broken == [])
    #expect(accounting.summary.video == DemoSummary.Track())
    #expect(accounting.summary.latencyMs == DemoSummary.Latency())
    #expect(accounting.summary.startMs == nil)
  }
}
