import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import Testing

/// What leaves the device is asked for with its purpose, and any other than the flag's is denied (C18).
@Suite struct PurposeTests {
  private let gate = Gate(standing: Published(Bench.standing(Set(Flag.allCases))))

  /// Flags of each point, and what they are for.
  static let rows: [(OutwardPoint, Flag, Purpose)] = [
    (.upload, .recordCloud, .support), (.upload, .recordLocal, .support), (.upload, .shareVideo, .support),
    (.upload, .detectMotion, .support), (.notify, .notifySystem, .support), (.notify, .notifyEmail, .support),
    (.reportDiagnostics, .diagnosticsEnvironment, .improvement),
    (.reportDiagnostics, .diagnosticsStatistics, .improvement),
    (.reportDiagnostics, .diagnosticsOperations, .improvement), (.reportDiagnostics, .diagnosticsErrors, .improvement),
    (.reportDiagnostics, .diagnosticsCrashes, .improvement), (.disclose, .discloseConsent, .support),
    (.disclose, .discloseProvider, .payment),
  ]

  @Test(arguments: rows) func anotherPurposeIsDenied(point: OutwardPoint, flag: Flag, purpose: Purpose) {
    for asked in Purpose.allCases {
      let denial = gate.denial(point, flag, for: asked)
      #expect((denial == nil) == (asked == purpose), "\(flag.rawValue) for \(asked.rawValue)")
      if let denial { #expect(denial.clause == "C18" && denial.point == point.point) }
    }
  }

  @Test func everyPointHasARow() {
    #expect(Set(Self.rows.map(\.0)) == Set(OutwardPoint.allCases))
  }

  /// Sensors, recordings and the preview serve whoever uses the camera: what reports rest on opens none of them.
  @Test(arguments: LocalPoint.allCases) func nothingOnTheDeviceIsDoneForImprovement(point: LocalPoint) {
    #expect(gate.denial(point, .sensorCamera) == nil && gate.denial(point, .recordLocal) == nil)
    #expect(gate.denial(point, .diagnosticsStatistics)?.clause == "C18")
  }

  /// Each use asks for its flags under its own purpose, so one flag that served another would end it.
  @Test(arguments: Use.allCases) func everyFlagOfAUseServesItsPurpose(use: Use) {
    for media in ["video", "audio", "photo", "event"] {
      for way in Request.ways(for: media, use: use) where way.count < Flag.allCases.count {
        #expect(way.allSatisfy { $0.purpose == use.purpose }, "\(media) \(use)")
      }
    }
    let everything = Facts(
      terms: .accepted, owner: OwnerPolicy(version: 1, hash: "", allowed: Set(Flag.allCases)))
    #expect(
      !decide(media: "smell", use: use, at: .seal, facts: everything, now: 0).allowed,
      "what nobody knows serves no one purpose")
  }
}
