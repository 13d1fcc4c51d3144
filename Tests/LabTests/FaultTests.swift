import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiMedia
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// Each fault of a webcam while the whole agent streams from it, through the relay, to a viewer: the stream goes on, and
/// every unit that the camera made is in exactly one count.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct FaultTests {
  init() async throws { try await Webcam.loadDrivers() }

  /// A fault and where its frames must be found.
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: Fault.Kind
    let count: UInt64
    /// Names what must hold once all is closed.
    let rule: String
    let holds: @Sendable (_ befallen: Int, _ ledger: Ledger) -> Bool
    /// What more holds on a machine that keeps up: frames that nobody loses.
    var mostLost: Int?
    var testDescription: String { "\(kind.rawValue): \(rule)" }
  }

  static let cases: [Case] = [
    Case(kind: .truncate, count: 3, rule: "each cut frame is one that could not be decoded") {
      let decode = $1.outcomes("video")["dropped decode", default: 0]
      return decode <= $0 && decode + lostBefore($1) >= $0
    },
    Case(kind: .empty, count: 3, rule: "frames without bytes are a gap in the driver's numbers") {
      (lost("gap", $1) >= $0 || hasRecovered($1, $0)) && isDropped($1)
    },
    Case(kind: .lose, count: 3, rule: "lost frames are a gap in the driver's numbers") {
      (lost("gap", $1) >= $0 || hasRecovered($1, $0)) && isDropped($1)
    },
    Case(kind: .errorBit, count: 3, rule: "frames that the camera itself calls bad are lost before us") {
      (lost("gap", $1) + lost("damaged", $1) >= $0 || hasRecovered($1, $0)) && isDropped($1)
    },
    Case(kind: .stall, count: 1, rule: "the buffers of a failed transfer are damaged ones") {
      (lost("damaged", $1) + lost("gap", $1) >= $0 || hasRecovered($1, $0)) && isDropped($1)
    },
    Case(
      kind: .noHuffman, count: 5, rule: "frames without Huffman tables are mended, not lost",
      holds: { $1.outcomes("video")["dropped decode"] == nil }, mostLost: 4),
    Case(
      kind: .junk, count: 3, rule: "frames of junk end as decoded badly or pass as pictures, and cost nothing else",
      holds: { $1.outcomes("video")["dropped decode", default: 0] <= $0 }, mostLost: 1),
    Case(
      kind: .rateDrop, count: 20, rule: "half the rate is no loss", holds: { befallen, _ in befallen > 0 }, mostLost: 1),
    Case(
      kind: .clockJump, count: 10, rule: "a device's clock that jumps loses nothing",
      holds: { befallen, _ in befallen > 0 }, mostLost: 1),
    // Closed for longer than a machine stands still, or nobody hears of it.
    Case(
      kind: .shutter, count: 90, rule: "the shutter is told as closed and as open, and loses nothing",
      holds: { $0 > 0 && $1.shutter == ["shutter_open", "shutter_closed", "shutter_open"] }, mostLost: 1),
  ]

  private static func lost(_ reason: String, _ ledger: Ledger) -> Int { ledger.sum("camera", "lost_\(reason)") }

  /// What never reached the agent, by the session's own count.
  private static func lostBefore(_ ledger: Ledger) -> Int {
    CaptureLoss.allCases.reduce(0) { $0 + lost($1.rawValue, ledger) }
  }

  /// The agent's own count of it; what was lost at the very end, the shutdown has.
  private static func isDropped(_ ledger: Ledger) -> Bool {
    let outcomes = ledger.outcomes("video")
    let (driver, end) = (outcomes["dropped driver", default: 0], outcomes["dropped shutdown", default: 0])
    return (driver...(driver + end)).contains(lostBefore(ledger))
  }

  /// A machine that stood still made the camera look frozen: then what was lost is the restart's.
  private static func hasRecovered(_ ledger: Ledger, _ count: Int) -> Bool {
    ledger.sum("camera", "recovery_restart") > 0 && lostBefore(ledger) >= count
  }

  private func plan(_ device: V4L2Device, frozenAfter: UInt64? = nil) -> Household.Plan {
    let wish = CameraWish(
      width: 320, height: 240, rate: 15, pixels: .mjpeg, use: .jpeg, frozenAfter: frozenAfter)
    var plan = Household.Plan(camera: V4L2Camera(device, wish: wish))
    plan.configuration.video.mode = .mjpeg
    return plan
  }

  @Test("checklist 31–36: a fault of the camera is counted where it belongs, and the stream goes on", arguments: cases)
  func aFaultIsCounted(fault: Case) async throws {
    try await Unhurried.expect(fault.rule) {
      let lost = try await lost(to: fault)
      return Unhurried.Outcome(isCalm: lost <= fault.mostLost ?? .max, said: "\(lost) lost")
    }
    Balance().expectNoDeviceLeft()
  }

  /// - Returns: frames that never reached the agent.
  private func lost(to fault: Case) async throws -> Int {
    let webcam = try Webcam { $0.microphone = nil }
    nonisolated(unsafe) var lost = 0
    try await webcam.plugged { device, _ in
      try await Household.with(plan(device)) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: 10, more: .video)
        webcam.device.perform(Fault(fault.kind, at: 0, count: fault.count))
        try await webcam.wait(for: "\(fault.kind)") { events in
          events.contains { if case .fault(fault.kind, _) = $0 { true } else { false } }
        }
        if fault.kind == .shutter { try await household.log.waitForShutter() }
        try await viewer.wait(for: fault.kind == .shutter ? 15 : Int(fault.count) + 15, more: .video)
        #expect(await viewer.stop().refusals == [])
      } after: { household in
        let ledger = try household.ledger
        let holds = fault.holds(webcam.befallen(fault.kind), ledger)
        #expect(
          holds,
          "\(webcam.befallen(fault.kind)) units; \(ledger.outcomes("video")); \(ledger.closings("camera")); \(ledger.events("camera"))"
        )
        try Accounts.expectBalanced(household, "video")
        unsafe lost = Self.lostBefore(ledger)
      }
    }
    return unsafe lost
  }

  @Test(
    "checklist 30: a camera that freezes is climbed to by the ladder while a viewer waits, and its frames come again")
  func freeze() async throws {
    let webcam = try Webcam { $0.microphone = nil }
    try await webcam.plugged { device, _ in
      try await Household.with(plan(device, frozenAfter: 1_000_000_000)) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: 10, more: .video)
        webcam.device.perform(Fault(.freeze, at: 0))
        try await household.log.wait(for: "trying: restart")
        try await household.log.wait(for: "trying: reset")
        try await viewer.wait(for: 10, more: .video)
        await viewer.stop()
      } after: { household in
        let ledger = try household.ledger
        #expect(ledger.sum("camera", "recovery_restart") >= 1, "\(ledger.closings("camera"))")
        #expect(ledger.sum("camera", "recovery_reset") >= 1, "\(ledger.closings("camera"))")
        #expect(Self.lost("recovery", ledger) > 0, "the time without frames is counted: \(ledger.closings("camera"))")
        try Accounts.expectBalanced(household, "video")
      }
    }
    Balance().expectNoDeviceLeft()
  }

  @Test("checklist 14: a camera that stops answering controls streams on; the next opening fails and is tried again")
  func controlStall() async throws {
    let webcam = try Webcam { $0.microphone = nil }
    try await webcam.plugged { device, _ in
      try await Household.with(plan(device)) { household in
        let viewer = try household.watch()
        try await viewer.wait(for: 10, more: .video)
        webcam.device.perform(Fault(.controlStall, when: .unit(0), length: 2_000_000_000))
        try await viewer.wait(for: 10, more: .video)
        for isAllowed in [false, true] {
          _ = try await household.camera.setPermissions(["sensor.camera": isAllowed])
          if !isAllowed { try await household.log.wait(for: "camera closed") }
        }
        try await viewer.wait(for: 10, more: .video)
        await viewer.stop()
      } after: { household in
        try Accounts.expectBalanced(household, "video")
      }
    }
  }

  @Test("faults that a profile schedules come at their frames, and each is counted") func aScript() async throws {
    try await Unhurried.expect("one frame decodes badly, and what else was lost is a gap") { try await script() }
  }

  private func script() async throws -> Unhurried.Outcome {
    let webcam = try Webcam { profile in
      profile.microphone = nil
      profile.camera?.faults = [
        Fault(.truncate, at: 12, opening: 0), Fault(.empty, at: 18, opening: 0), Fault(.noHuffman, at: 22, opening: 0),
        Fault(.stall, at: 26, opening: 0),
      ]
    }
    nonisolated(unsafe) var outcome = Unhurried.Outcome(isCalm: false, said: "")
    try await webcam.plugged { device, _ in
      try await Household.with(plan(device)) { household in
        let viewer = try household.watch()
        // Of a camera that is late the fault befalls a later frame.
        try await webcam.wait(for: "the last fault") {
          $0.contains { if case .fault(.stall, _) = $0 { true } else { false } }
        }
        try await viewer.wait(for: 10, more: .video)
        await viewer.stop()
      } after: { household in
        let ledger = try household.ledger
        let decode = ledger.outcomes("video")["dropped decode", default: 0]
        #expect(decode <= 1, "\(ledger.outcomes("video"))")
        #expect(Self.isDropped(ledger), "\(ledger.closings("camera"))")
        try Accounts.expectBalanced(household, "video")
        unsafe outcome = Unhurried.Outcome(
          isCalm: decode == 1 && Self.lostBefore(ledger) >= 2, said: "\(ledger.outcomes("video"))")
      }
    }
    return unsafe outcome
  }
}
