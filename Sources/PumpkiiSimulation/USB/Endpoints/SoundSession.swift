/// One opening of the microphone: its rate, its own clock, and what goes wrong.
struct SoundSession {
  static let millisecond: UInt64 = 1_000_000
  let rate: Int
  let source: any SoundSource
  /// When the host began.
  let start: UInt64
  /// The device's time began here.
  let origin: UInt64
  /// True samples a second.
  private let speed: Double
  /// Length of a unit, as faults count them.
  private let period: UInt64
  var faults: UnitFaults
  /// Packets whose time has come, one a millisecond.
  var packets: UInt64 = 0
  /// When the next transfer is full; 0 before the first.
  var due: UInt64 = 0
  /// The unit that was looked at last.
  var lastUnit: UInt64?
  /// Transfers wait, until when; and whether what they would have held is lost.
  var held: (until: UInt64, drops: Bool)?
  /// Whether what was held back is being delivered in one go.
  var isBursting = false

  init(
    rate: Int, source: any SoundSource, start: UInt64, origin: UInt64, profile: MicrophoneProfile, faults: UnitFaults
  ) {
    self.rate = rate
    self.source = source
    self.start = start
    self.origin = origin
    self.faults = faults
    speed = Double(rate) * (1 + profile.clock.driftPPM * 1e-6)
    period = max(profile.period, 1)
  }

  var unit: UInt64 { packets * Self.millisecond / period }

  func faults(of unit: UInt64) -> [Fault] { faults.of(unit, at: unit * period) }

  /// True in the first unit of a fault.
  func begins(_ fault: Fault, _ unit: UInt64) -> Bool {
    unit == 0 || !faults(of: unit - 1).contains { $0.kind == fault.kind }
  }

  /// Sample frames that the microphone's own clock has made in so many packets.
  func made(by packets: UInt64) -> UInt64 { UInt64(Double(packets) * speed / 1000) }

  /// Where samples stand in the device's time.
  func place(of position: UInt64) -> (position: UInt64, start: Double, step: Double) {
    let lead = Double(start - min(origin, start))
    let step = 1e9 / speed
    return (
      UInt64((lead * Double(rate) / 1e9).rounded()) + position, lead + Double(position) * step, step
    )
  }

  /// Leaves out what was not delivered: its packets pass unseen.
  mutating func catchUp(to time: UInt64) {
    guard time > due else { return }
    packets += (time - due) / Self.millisecond
    due = time
  }
}
