/// How the units of one track ended, by the agent's ledger. A unit is a video frame or 20 ms of sound; it ends exactly
/// once, and its number starts again at 0 whenever its device opens.
struct UnitTally {
  /// A unit that was sealed, in the order of sealing.
  struct Sealed {
    var object: ObjectName
    var unit: DemoAccounting.Unit
  }

  /// From the devices' own sequence numbers, not from the number of lines: that is what makes the first law a law.
  private(set) var captured: UInt64 = 0
  private(set) var denied: UInt64 = 0
  private(set) var dropped: [String: UInt64] = [:]
  private(set) var sealed: [Sealed] = []
  /// Sentences about units with no end or two.
  private(set) var faults: [String] = []
  private let track: String
  private var openings = 0

  init(_ ledger: Ledger, track: String, sensor: String) {
    self.track = track
    var run = Run()
    for line in ledger.lines where line.who == "agent" {
      switch line.event {
      case "opened" where line.sensor == sensor:
        close(run)
        openings += 1
        run = Run(rate: line.rate)
      case "closed" where line.sensor == sensor:
        run.made = line.made.flatMap { run.units(of: $0, rate: line.rate, sensor: sensor) }
      case "unit" where line.track == track: take(line, &run)
      default: break
      }
    }
    close(run)
  }

  /// What happened between two openings of the device; units that were on their way end after it closed.
  private struct Run {
    var rate: UInt64?
    var made: UInt64?
    var seen: Set<UInt64> = []

    /// A microphone counts samples; 20 ms begun are a unit. Without its rate the count says nothing, and the units' own
    /// numbers must do.
    func units(of made: UInt64, rate closing: UInt64?, sensor: String) -> UInt64? {
      guard sensor == "microphone" else { return made }
      guard let rate = closing ?? rate, rate > 0 else { return nil }
      return (made * 50 + rate - 1) / rate
    }
  }

  private mutating func take(_ line: LedgerLine, _ run: inout Run) {
    guard let sequence = line.sequence else { return faults.append("a unit of \(track) has no number") }
    if !run.seen.insert(sequence).inserted { faults.append("unit \(sequence) of \(track) ended twice") }
    switch line.outcome {
    case "denied": denied += 1
    case "dropped": dropped[line.reason ?? "", default: 0] += 1
    case "sealed":
      guard let object = line.object else { return faults.append("unit \(sequence) of \(track) was sealed nowhere") }
      sealed.append(Sealed(object: object, unit: DemoAccounting.Unit(opening: openings, sequence: sequence)))
    default: faults.append("unit \(sequence) of \(track) ended as \(line.outcome ?? "nothing")")
    }
  }

  private mutating func close(_ run: Run) {
    let made = max(run.made ?? 0, run.seen.max().map { $0 + 1 } ?? 0)
    captured += made
    guard run.seen.count < made, let first = (0..<made).first(where: { !run.seen.contains($0) }) else { return }
    faults.append("unit \(first) of \(track) has no end (\(made - UInt64(run.seen.count)) in all)")
  }
}
