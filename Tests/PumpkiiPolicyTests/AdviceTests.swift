import PumpkiiPolicy
import Testing

/// What a denial tells people to type is there to be typed.
@Suite struct AdviceTests {
  /// A denial of each kind that a layer has.
  private static var denials: [Decision] {
    get throws {
      var list: [Facts] = try Layer.allCases.map { try LayersTests.facts([$0], flag: .detectMotion) }
      list += [SensorObstacles.killSwitch, .missing, .stranger, .shutterClosed].map {
        Facts(hardware: HardwareFacts(camera: $0), owner: DecideTests.everything)
      }
      let older = TermsFacts.Version(number: 0, hash: "")
      list += [
        Facts(terms: TermsFacts(accepted: older, acknowledgedRisk: nil)), Facts(terms: TermsFacts.none),
        Facts(terms: TermsFacts(accepted: Texts.terms, acknowledgedRisk: nil)),
        Facts(terms: TermsFacts(accepted: Texts.terms, acknowledgedRisk: "00")), Facts(),
      ]
      for change: (inout OwnerPolicy) -> Void in [
        { $0.paused = .owner }, { $0.paused = .board }, { $0.narrowed = [.detectMotion] },
        { $0.narrowedOnBoard = [.detectMotion] },
      ] {
        var owner = DecideTests.everything
        change(&owner)
        list.append(Facts(terms: .accepted, owner: owner))
      }
      return list.flatMap { facts in
        [Point.keepSensor, .upload, .giveKey].map { point in
          decide(
            Request(point: point, flag: .detectMotion, account: point == .giveKey ? "aa" : nil), facts: facts,
            now: LayersTests.now)
        }
      }
    }
  }

  @Test func theCommandsThatADenialNamesExist() throws {
    var names: Set<String> = []
    for file in try Tree.swiftFiles("Sources/pumpkii") {
      names.formUnion(try Tree.matches(#"commandName: "([a-z]+)""#, in: Tree.text(file)))
    }
    let advised = try Set(
      Self.denials.flatMap { try Tree.matches(#""pumpkii ([a-z]+(?: [a-z]+)?)"#, in: $0.reason) })
    #expect(advised.isSuperset(of: ["account terms", "permissions set", "permissions resume", "permissions restore"]))
    for command in advised {
      for word in command.split(separator: " ") { #expect(names.contains(String(word)), "pumpkii \(command)") }
    }
    #expect(!advised.contains { $0.hasPrefix("terms") })
  }

  /// A board without an account has nobody who could accept terms.
  @Test func aBoardWithoutAnAccountIsToldToPairAndNotToAccept() {
    let facts = Facts(terms: TermsFacts.noAccount, owner: DecideTests.everything)
    let decision = decide(Request(point: .seal, flag: .shareVideo), facts: facts, now: 0)
    #expect(!decision.allowed && decision.layer == .terms)
    #expect(decision.reason.contains("pumpkii agent pair") && !decision.reason.contains("account terms"))
    #expect(decide(Request(point: .keepSensor, flag: .sensorCamera), facts: facts, now: 0).allowed, "local use goes on")
  }

  @Test func whatWasDeniedOnTheBoardIsSaidAndUndoneThere() {
    var owner = DecideTests.everything
    owner.narrowedOnBoard = [.sensorCamera]
    let decision = decide(Request(point: .keepSensor, flag: .sensorCamera), facts: Facts(owner: owner), now: 0)
    #expect(!decision.allowed && decision.layer == .owner)
    #expect(decision.reason.contains("on the board itself") && decision.reason.contains("--board"))
    #expect(decision.outcome == .unavailable("the denial on the board"))
    #expect(decide(Request(point: .keepSensor, flag: .sensorMicrophone), facts: Facts(owner: owner), now: 0).allowed)
  }
}
