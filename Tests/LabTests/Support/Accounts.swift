import PumpkiiAgent
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
}
