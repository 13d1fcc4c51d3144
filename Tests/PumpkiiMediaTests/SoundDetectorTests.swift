import PumpkiiCapture
import PumpkiiMedia
import Testing

@Suite struct SoundDetectorTests {
  /// A detector with a clock: levels of 100 ms.
  private struct Listener {
    var detector: SoundDetector
    var now: UInt64 = 5_000_000_000
    var reports: [DetectionReport] = []
    var stages: [DetectionReport.Stage] { reports.map(\.stage) }

    init(_ settings: SoundSettings = SoundSettings()) { detector = SoundDetector(settings: settings) }

    mutating func hear(_ level: Double, seconds: Double) {
      for number in 0..<Int(seconds * 10) {
        // A room is never quite even.
        let rms = level + [0, 1, -1, 0.5, -0.5][number % 5]
        let heard = SoundLevel(timestamp: now, duration: 100_000_000, rms: rms, peak: rms + 6)
        now += 100_000_000
        if let report = detector.hear(heard) { reports.append(report) }
      }
    }
  }

  @Test func `loudness begins an event, goes on, and ends after the quiet time`() throws {
    var listener = Listener()
    listener.hear(-60, seconds: 10)
    #expect(listener.reports.isEmpty)
    listener.hear(-25, seconds: 1)
    #expect(listener.stages.first == .began && listener.stages.dropFirst().allSatisfy { $0 == .goesOn })
    let last = listener.now
    listener.hear(-60, seconds: 6)
    let end = try required(listener.reports.last)
    #expect(end.stage == .ended && !listener.detector.isInEvent)
    #expect(end.time >= last + 2_900_000_000 && end.time <= last + 3_300_000_000)
    #expect(end.score > 30 && end.score < 40)
  }

  @Test func `one bang of a tenth of a second is enough`() {
    var listener = Listener()
    listener.hear(-55, seconds: 5)
    listener.hear(-15, seconds: 0.1)
    #expect(listener.stages == [.began])
  }

  @Test func `a noise that stays becomes usual, and the floor comes down again fast`() {
    var listener = Listener()
    listener.hear(-60, seconds: 5)
    listener.hear(-35, seconds: 60)
    #expect(listener.stages.first == .began && listener.stages.last == .ended)
    #expect(abs(listener.detector.floor + 35) < 3)
    listener.reports = []
    listener.hear(-60, seconds: 6)
    listener.hear(-35, seconds: 1)
    #expect(listener.stages.first == .began)
  }

  @Test func `slow changes, small ones and those below the least level are nothing`() {
    var listener = Listener()
    listener.hear(-60, seconds: 5)
    for step in 0..<60 { listener.hear(-60 + Double(step) * 0.5, seconds: 1) }
    #expect(listener.reports.isEmpty)
    listener = Listener()
    listener.hear(-45, seconds: 5)
    listener.hear(-35, seconds: 5)
    #expect(listener.reports.isEmpty)
    listener = Listener()
    listener.hear(-100, seconds: 5)
    listener.hear(-60, seconds: 5)
    #expect(listener.reports.isEmpty)
  }

  @Test func `the first second, a pause and a new microphone are learned`() {
    var listener = Listener()
    listener.hear(-20, seconds: 1)
    #expect(listener.reports.isEmpty)
    listener.hear(-70, seconds: 10)
    listener.now += 60_000_000_000
    listener.hear(-20, seconds: 1)
    #expect(listener.reports.isEmpty)
    listener.hear(-60, seconds: 10)
    listener.hear(-20, seconds: 0.3)
    #expect(listener.detector.close(at: listener.now)?.stage == .ended)
    #expect(listener.detector.close(at: listener.now) == nil)
  }

  @Test func `none begins in the hold-off`() {
    var listener = Listener(SoundSettings(quiet: 500_000_000, holdOff: 10_000_000_000))
    listener.hear(-60, seconds: 5)
    listener.hear(-20, seconds: 0.5)
    listener.hear(-60, seconds: 2)
    #expect(listener.stages.last == .ended)
    listener.hear(-20, seconds: 1)
    #expect(listener.stages.last == .ended)
    listener.hear(-60, seconds: 10)
    listener.hear(-20, seconds: 0.5)
    #expect(listener.stages.contains(.began) && listener.stages.last != .ended)
  }
}
