import PumpkiiALSA
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiSimulation
import Testing

/// Each way in which a microphone's sound is lost while the whole agent streams it, through the relay, to a listener: the
/// sound goes on, and every sample that the card made is in exactly one count. (A machine that sleeps: SuspendTests.)
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct SoundLossTests {
  init() async throws { try await Webcam.loadDrivers() }

  private static let rate = 16_000

  /// A fault, and where what it takes must be found.
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: Fault.Kind
    /// Periods of 20 ms.
    let count: UInt64
    let rule: String
    let holds: @Sendable (Ledger) -> Bool
    var testDescription: String { "\(kind.rawValue) of \(count * 20) ms: \(rule)" }
  }

  /// A USB card has no word for what its device kept back: short holes the driver closes up and nobody is told, long
  /// ones the agent notices by itself after two seconds; longer ones are a frozen card and another opening.
  static let cases = [
    Case(kind: .xrun, count: 25, rule: "sound that comes late and all at once fits into the ring") { _ in true },
    Case(kind: .lose, count: 25, rule: "packets without a sample end nothing") { _ in true },
    Case(kind: .xrun, count: 200, rule: "a card that keeps its sound back is started anew, and the time is counted") {
      restartedAfterSilence($0)
    },
    Case(kind: .suspend, count: 200, rule: "a device that sleeps is started anew, and the time is counted") {
      restartedAfterSilence($0)
    },
    Case(kind: .lose, count: 200, rule: "a card without a sample is started anew, and the time is counted") {
      restartedAfterSilence($0)
    },
  ]

  private static func restartedAfterSilence(_ ledger: Ledger) -> Bool {
    ledger.sum("microphone", "recovery_recover") >= 1 && ledger.sum("microphone", "lost_recovery") > rate
      && ledger.events("microphone").contains("recovered")
  }

  @Test(
    "checklist 52, 53: a fault of the microphone is counted where it belongs, and the listened sound goes on",
    arguments: cases)
  func aFaultIsCounted(fault: Case) async throws {
    try await Webcam.asMicrophone { webcam, device, _ in
      try await Household.with(plan(device)) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: 5, more: .audio)
        webcam.device.perform(Fault(fault.kind, at: 0, count: fault.count))
        try await webcam.wait(for: "\(fault.kind)") { events in
          events.contains { if case .fault(fault.kind, _) = $0 { true } else { false } }
        }
        // Longer than the fault lasts.
        try await viewer.wait(for: Int(fault.count) / 5 + 10, more: .audio)
        #expect(await viewer.stop().refusals == [])
      } after: { household in
        let ledger = try household.ledger
        #expect(fault.holds(ledger), "\(ledger.closings("microphone")); \(ledger.events("microphone"))")
        try Accounts.expectSoundBalanced(household, rate: Self.rate)
      }
    }
    Balance().expectNoDeviceLeft()
  }

  @Test("checklist 52, 53: a card whose ring ran over is started anew, and what it overwrote is counted as that")
  func overrun() async throws {
    try await Webcam.asMicrophone { _, device, _ in
      let (away, back) = (Flag(), Flag())
      let wish = MicrophoneWish(sampleRate: Self.rate)
      let microphone = StallingMicrophone(base: ALSAMicrophone(device, wish: wish), away: away, back: back)
      try await Household.with(Household.Plan(microphone: microphone)) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: 5, more: .audio)
        away.raise()
        // The kernel's own word for it.
        try await Shell.run(
          "for i in $(seq 300); do grep -q XRUN /proc/asound/card*/pcm*c/sub0/status && exit 0; sleep 0.1; done; exit 1"
        )
        back.raise()
        try await viewer.wait(for: 15, more: .audio)
        #expect(await viewer.stop().refusals == [])
      } after: { household in
        let ledger = try household.ledger
        let closings = ledger.closings("microphone")
        #expect(ledger.sum("microphone", "recovery_recover") >= 1, "\(closings)")
        #expect(ledger.sum("microphone", "lost_overrun") > 0, "\(closings)")
        #expect(ledger.outcomes("audio")["dropped driver", default: 0] > 0, "\(ledger.outcomes("audio"))")
        try Accounts.expectSoundBalanced(household, rate: Self.rate)
      }
    }
    Balance().expectNoDeviceLeft()
  }

  private func plan(_ device: ALSADevice) -> Household.Plan {
    Household.Plan(microphone: ALSAMicrophone(device, wish: MicrophoneWish(sampleRate: Self.rate)))
  }
}
