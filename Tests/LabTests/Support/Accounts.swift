import PumpkiiAgent
import PumpkiiCapture
import Testing

/// The rule over all scenarios: every unit that a device made ended exactly once, and the agent can say how.
enum Accounts {
  /// The agent's own counts, its ledger's lines and the device's number of units agree. After the agent has ended.
  static func expectBalanced(
    _ household: Household, _ track: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let counts = (track == "video" ? household.video : household.audio).current
    let ledger = try household.ledger
    let sensor = track == "video" ? "camera" : "microphone"
    let dropped = counts.dropped.values.reduce(0, +)
    #expect(counts.captured == counts.sealed + counts.denied + dropped, sourceLocation: location)
    #expect(ledger.outcomes(track).values.reduce(0, +) == Int(counts.captured), sourceLocation: location)
    guard track == "video" else { return }
    // Of sound the device counts sample frames, the agent units of 20 ms.
    #expect(
      ledger.sum(sensor, "made") == Int(counts.captured),
      "the device made \(ledger.closings(sensor)), the agent accounts for \(counts)", sourceLocation: location)
  }

  /// Of sound, which the device counts in sample frames and the agent in units of 20 ms: opening by opening as many units
  /// as the device began, and as many of them dropped as its losses took, but for those that a loss cuts in two.
  static func expectSoundBalanced(
    _ household: Household, rate: Int, _ location: SourceLocation = #_sourceLocation
  ) throws {
    try expectBalanced(household, "audio", location)
    let ledger = try household.ledger
    let closings = ledger.closings("microphone")
    let made = closings.reduce(0) { $0 + (($1["made"] ?? 0) * 50 + rate - 1) / rate }
    #expect(made == Int(household.audio.current.captured), "\(closings)", sourceLocation: location)
    let lost = lostSound(ledger) * 50 / rate
    let dropped = ledger.outcomes("audio")["dropped driver", default: 0]
    let recoveries = ledger.sum("microphone", "recovery_recover")
    #expect(abs(dropped - lost) <= 2 * recoveries, "\(dropped) units dropped, \(closings)", sourceLocation: location)
  }

  /// Sample frames that the microphone's sessions count as lost, for whatever reason.
  static func lostSound(_ ledger: Ledger) -> Int {
    CaptureLoss.allCases.reduce(0) { $0 + ledger.sum("microphone", "lost_\($1.rawValue)") }
  }
}
