import PumpkiiDemo
import Testing

/// Which units the guest should have had, and where those went that it has not.
struct ViewingTests {
  private func accounting(_ run: LedgerText, viewer: String? = nil) throws -> DemoAccounting {
    var measurements = DemoAccounting.Measurements()
    measurements.viewer = viewer
    return DemoAccounting(try run.ledger, measurements)
  }

  @Test func theRangeBeginsWithTheFirstOpenedObjectAndEndsWithTheLastHeldEpoch() throws {
    var run = LedgerText()
    run.opened("camera")
    run.sealed("video", 0, index: 1)
    run.whole(1, index: 2)
    run.sealed("video", 2, index: 3)
    run.sealed("video", 3, epoch: 2, index: 1)
    run.closed("camera", made: 4)
    let video = try accounting(run).summary.video
    #expect(video.sealed == 4)
    #expect(video.watched == 2)
    #expect(video.opened == 1)
    #expect(video.lostBy.relay == 1)
  }

  @Test func anEpochHeldButNeverUsedStretchesTheRange() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.sealed("video", 1, epoch: 2, index: 1)
    run.closed("camera", made: 2)
    run.viewer("epoch", #""epoch":2,"t":0"#)
    let video = try accounting(run).summary.video
    #expect(video.watched == 2)
    #expect(video.lost == 1)
  }

  @Test func anObjectLostInTheQueueCannotHaveBeenOpened() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.queueLost("video", index: 1)
    run.closed("camera", made: 1)
    #expect(
      try accounting(run).broken.map(\.description) == [
        "video: lost 0 = agent_queue 1 + relay 0 + viewer 0 does not hold"
      ])
  }

  @Test func anObjectOfSilenceInPlaceOfLostUnitsIsNobodysUnitAndNoFault() throws {
    var run = LedgerText()
    run.opened("microphone")
    run.sealed("audio", 0, index: 1)
    run.delivered("audio", index: 1)
    run.open("audio", index: 1)
    run.ended("audio", 1, "dropped", "driver")
    run.delivered("audio", index: 2)
    run.open("audio", index: 2)
    run.closed("microphone", made: 2 * 960, rate: 48_000)
    #expect(
      try accounting(run).broken.map(\.description) == [
        "audio: the viewer opened 0x100000020/2, which the agent never sealed"
      ])
    run.filled("audio", index: 2)
    let accounting = try accounting(run)
    #expect(accounting.broken == [])
    #expect(accounting.summary.audio.opened == 1 && accounting.summary.audio.lost == 0)
  }

  @Test func anObjectOpenedTwiceIsAReplay() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.open("video", index: 1)
    run.closed("camera", made: 1)
    #expect(
      try accounting(run).broken.map(\.description) == [
        "video: watched 1 = opened 2 + lost 0 does not hold"
      ])
  }

  @Test func anObjectNobodySealedOrNobodyDeliveredIsNamed() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.open("video", index: 9)
    run.closed("camera", made: 1)
    #expect(
      try accounting(run).broken.map(\.description) == [
        "video: the viewer opened 0x100000010/9, which the agent never sealed",
        "video: the viewer opened 0x100000010/9, which the relay never wrote",
      ])
  }

  @Test func headersAndSegmentEndsAreNoUnits() throws {
    var run = LedgerText()
    run.opened("camera")
    run.open("video", index: 0, kind: "initialization")
    run.whole(0, index: 1)
    run.open("video", index: 2, kind: "segmentEnd")
    run.closed("camera", made: 1)
    let accounting = try accounting(run)
    #expect(accounting.broken == [])
    #expect(accounting.summary.video.opened == 1)
  }

  @Test func anotherViewersDeliveriesAreNotTheGuests() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1)
    run.sealed("video", 1, index: 2)
    run.delivered("video", index: 2, to: "owner")
    run.closed("camera", made: 2)
    #expect(
      try accounting(run).broken.map(\.description) == [
        "the relay served 2 viewers; name the guest with --viewer"
      ])
    let video = try accounting(run, viewer: "guest").summary.video
    #expect(try accounting(run, viewer: "guest").broken == [])
    #expect(video.delivered == 1)
    #expect(video.lostBy.relay == 1)
  }
}
