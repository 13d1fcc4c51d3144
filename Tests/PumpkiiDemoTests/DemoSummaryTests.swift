import Foundation
import PumpkiiDemo
import Testing

/// Times, usage, and the JSON interface of docs/demo.md.
struct DemoSummaryTests {
  private func summary(_ run: LedgerText, _ change: (inout DemoAccounting.Measurements) -> Void = { _ in }) throws
    -> DemoSummary
  {
    var measurements = DemoAccounting.Measurements()
    change(&measurements)
    return DemoAccounting(try run.ledger, measurements).summary
  }

  @Test func latencyIsFromCaptureToOpenedForVideoChunks() throws {
    var run = LedgerText()
    run.opened("camera")
    for frame in 0..<100 { run.whole(frame, index: frame + 1, captured: 1000, at: 1000 + (frame + 1) * 100) }
    run.open("video", index: 0, captured: 0, at: 90_000_000, kind: "initialization")
    run.open("audio", index: 1, captured: 0, at: 90_000_000)
    let latency = try summary(run).latencyMs
    #expect(latency.p50 == 5)
    #expect(latency.p99 == 9.9)
  }

  @Test func startCutAndMicrophoneAreDifferencesOfTheirEvents() throws {
    var run = LedgerText()
    run.agent("wanted", #""t":1000"#)
    run.opened("camera", at: 2000)
    run.opened("microphone", at: 2000)
    run.whole(0, index: 1, captured: 50_000, at: 60_000)
    run.agent("first_sealed", #""t":51500"#)
    run.agent("flag", #""flag":"sensor.microphone","allow":false,"t":70000"#)
    run.closed("microphone", made: 0, at: 73_250)
    run.agent("revocation", #""t":80000"#)
    run.whole(1, index: 2, captured: 79_000, at: 81_500)
    let figures = try summary(run)
    #expect(figures.startMs == 50.5)
    #expect(figures.microphoneClosedMs == 3.25)
    #expect(figures.cutMs == 1.5)
  }

  @Test func aGuestWhoSawNothingAfterTheRevocationWasCutAtOnce() throws {
    var run = LedgerText()
    run.opened("camera")
    run.whole(0, index: 1, captured: 0, at: 60_000)
    run.agent("revocation", #""t":80000"#)
    #expect(try summary(run).cutMs == 0)
  }

  @Test func aMicrophoneThatWasNeverOpenCannotHaveClosed() throws {
    var run = LedgerText()
    run.agent("flag", #""flag":"sensor.microphone","allow":false,"t":1"#)
    run.opened("microphone", at: 2)
    run.closed("microphone", made: 0, at: 3)
    #expect(try summary(run).microphoneClosedMs == nil)
  }

  @Test func sourceAndUsageComeFromTheAgent() throws {
    var run = LedgerText()
    run.agent("source", #""profile":"still-pan","codec":"mjpeg","width":1280,"height":720,"fps":"30.0""#)
    run.opened("camera")
    run.whole(0, index: 1)
    run.whole(1, index: 2)
    run.closed("camera", made: 2)
    run.agent("usage", #""cpu_ms":5,"rss_kb":20480,"rss_anon_kb":5222"#)
    let figures = try summary(run) {
      $0.relayCPUSeconds = 0.25
      $0.relayPeakKiB = 30_720
      $0.plaintextHits = 0
      $0.video = "out/guest.mp4"
    }
    #expect(figures.source.fps == 30)
    #expect(figures.agent.cpuMsPerFrame == 2.5)
    #expect(figures.agent.rssMb == 20)
    #expect(figures.agent.rssAnonMb == 5.1)
    #expect(figures.relay.rssMb == 30)
    #expect(figures.relay.bytes == 2000)
    #expect(figures.text.contains("still-pan mjpeg 1280x720 at 30.0 fps"))
    #expect(figures.text.contains("opened          2       0"))
    #expect(figures.text.contains("one is    a frame   20 ms"), "a count says what it counts")
  }

  @Test func theJSONHasEveryKeyOfTheInterfaceAndNullForWhatWasNotMeasured() throws {
    let data = Data(try summary(LedgerText()).json())
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(
      Set(object.keys) == [
        "source", "video", "audio", "latency_ms", "start_ms", "cut_ms", "microphone_closed_ms", "agent", "relay",
        "outputs",
      ])
    #expect(object["cut_ms"] is NSNull)
    func keys(_ name: String) -> Set<String> { Set((object[name] as? [String: Any] ?? [:]).keys) }
    #expect(keys("source") == ["profile", "codec", "width", "height", "fps"])
    for track in ["video", "audio"] {
      #expect(
        keys(track) == [
          "captured", "denied", "dropped", "sealed", "watched", "delivered", "opened", "lost", "lost_by",
        ])
    }
    let video = object["video"] as? [String: Any]
    #expect(
      Set((video?["dropped"] as? [String: Any] ?? [:]).keys)
        == ["driver", "decode", "encoder", "joined", "unwatched", "shutdown"])
    #expect(Set((video?["lost_by"] as? [String: Any] ?? [:]).keys) == ["agent_queue", "relay", "viewer"])
    #expect(keys("latency_ms") == ["p50", "p99"])
    #expect(keys("agent") == ["cpu_ms_per_frame", "rss_mb", "rss_anon_mb"])
    #expect(keys("relay") == ["cpu_s", "rss_mb", "bytes", "plaintext_hits"])
    #expect(keys("outputs") == ["video", "photo"])
  }

  @Test func aBrokenLineIsNamedByItsNumber() {
    let text = #"{"who":"agent","event":"wanted","t":1}"# + "\n\n" + #"{"who":"agent"}"# + "\n"
    #expect { try Ledger(parsing: Array(text.utf8)) } throws: { ($0 as? Ledger.Malformed)?.line == 3 }
    let kid = #"{"who":"agent","event":"queue_lost","kid":"none","index":1}"#
    #expect { try Ledger(parsing: Array(kid.utf8)) } throws: { ($0 as? Ledger.Malformed)?.line == 1 }
  }
}
