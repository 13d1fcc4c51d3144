import PumpkiiAgent
import PumpkiiCapture
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import Testing

@Suite struct BeaconStateTests {
  private static func situation(_ change: (inout SensorSituation) -> Void) -> SensorSituation {
    var situation = SensorSituation()
    change(&situation)
    return situation
  }

  private static let open = situation { $0.opened() }

  private static func facts(
    _ barrier: BeaconState.Barrier = .none, isPresent: Bool = true, isWanted: Bool = true,
    _ situation: SensorSituation = open
  ) -> BeaconState.Facts {
    BeaconState.Facts(barrier: barrier, isPresent: isPresent, isWanted: isWanted, situation: situation)
  }

  private static let table: [(BeaconState.Facts, Beacon.State)] = [
    (facts(), .live),
    (facts(isWanted: false), .idle),
    (facts(SensorSituation()), .starting),
    (facts(isWanted: false, SensorSituation()), .idle),
    (facts(isPresent: false, SensorSituation()), .noSensor),
    (facts(situation { $0.failed(.gone) }), .noSensor),
    (facts(situation { $0.failed(.stranger) }), .noSensor),
    (facts(situation { $0.failed(.frozen) }), .frozen),
    (facts(situation { $0.failed(.noSignal) }), .noSignal),
    (facts(situation { $0.failed(.busy) }), .unusable),
    (facts(situation { $0.failed(.noPermission) }), .unusable),
    (facts(isWanted: false, situation { $0.failed(.gone) }), .noSensor),
    (facts(happened(.shutter(isClosed: true))), .shutter),
    (facts(happened(.signal(isPresent: false))), .noSignal),
    (facts(happened(.silent(true))), .noSignal),
    (facts(happened(.recovering(rung: "restart", reason: "test"))), .frozen),
    // What is denied is told as denied, whatever the device does.
    (facts(.policy), .offByPolicy),
    (facts(.policy, isPresent: false, situation { $0.failed(.gone) }), .offByPolicy),
    (facts(.clock), .clock),
    (facts(.hardware(.shutterClosed), SensorSituation()), .shutter),
    (facts(.hardware(.missing), SensorSituation()), .noSensor),
    (facts(.hardware([.stranger, .shutterClosed]), SensorSituation()), .noSensor),
    (facts(.hardware([.killSwitch, .shutterClosed]), SensorSituation()), .offByPolicy),
  ]

  private static func facts(_ situation: SensorSituation) -> BeaconState.Facts { facts(.none, situation) }
  private static func happened(_ event: SensorEvent) -> SensorSituation {
    situation {
      $0.opened()
      $0.happened(event)
    }
  }

  @Test func everySituationHasItsState() {
    for (facts, state) in Self.table { #expect(BeaconState.of(facts) == state, "\(facts)") }
  }

  @Test func everyFailureHasAState() {
    for code in CaptureError.Code.allCases {
      let state = BeaconState.of(Self.facts(Self.situation { $0.failed(code) }))
      #expect([.noSensor, .noSignal, .frozen, .unusable].contains(state), "\(code)")
    }
  }

  @Test func whatAnOpenDeviceToldIsForgottenWhenItClosesAndItsFailureWhenItOpens() {
    var situation = Self.happened(.shutter(isClosed: true))
    situation.closed()
    #expect(situation == SensorSituation())
    situation.failed(.gone)
    situation.closed()
    #expect(situation.failure == .gone)
    situation.happened(.shutter(isClosed: true))
    situation.opened()
    #expect(BeaconState.of(Self.facts(situation)) == .shutter)
    situation.happened(.shutter(isClosed: false))
    #expect(BeaconState.of(Self.facts(situation)) == .live)
  }

  @Test func aDenialOfTheSensorOrOfWhatIsWantedIsABarrier() {
    let bench = Bench(allowed: [.sensorCamera, .shareVideo])
    let source = BeaconSource(
      gate: bench.gate, standing: bench.standing, attendant: bench.attendant, report: bench.report,
      sensors: [.camera, .microphone], isClockTrusted: { true })
    #expect(source.states == BeaconState.Pair(camera: .idle, microphone: .offByPolicy))
    bench.watch([ClassMask(.video), ClassMask(.audio)])
    #expect(source.states.camera == .starting)
    bench.standing.set(Bench.standing([.sensorCamera]))
    #expect(source.states.camera == .offByPolicy)
  }
}
