import Foundation
import Logging
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import Testing

/// The consent ledger holds what somebody said, whatever is in force meanwhile.
@Suite struct ConsentTests {
  private func flags(_ record: ConsentRecord) -> [String: Bool] {
    Dictionary(record.settings.map { ($0.flag, $0.allow) }) { $1 }
  }

  private func sentences(_ folder: String) throws -> [String] {
    let reader = try AuditReader(AgentPaths(folder: folder))
    return try reader.entries(.consent).map { AuditWords.sentence($0.record, person: reader.person(in: $0)) }
  }

  @Test func whatIsSetDuringAPauseIsSaidWhenItIsSetAndByWhoSetIt() async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-consents-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try LocalOwner.create(AgentHome(folder)) }
    let board = Board(folder: folder)
    for request: BoardRequest in [
      .set(["sensor.camera": true, "record.local": true]), .pause, .set(["sensor.microphone": true]),
      .set(["sensor.camera": false]), .resume,
    ] { _ = try await board.ask(request) }
    let consents = try AuditReader(AgentPaths(folder: folder)).entries(.consent).compactMap { entry in
      if case .consent(let record) = entry.record { record } else { nil }
    }
    #expect(consents.map(\.act) == [.flags, .paused, .flags, .flags, .resumed])
    #expect(consents.map(\.origin) == [.owner, .board, .owner, .owner, .board])
    #expect(
      consents.map(flags) == [
        ["sensor.camera": true, "record.local": true], [:], ["sensor.microphone": true], ["sensor.camera": false], [:],
      ])
    let said = try sentences(folder)
    #expect(said[1].contains("somebody at the board paused") && said[4].contains("somebody at the board resumed"))
    #expect(said[3].contains("the owner, account") && said[3].contains("set sensor.camera deny"))
  }

  @Test func aDevicesDocumentSaysNothingOfWhatPeopleAnswerThemselves() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorCamera, .termsAccepted, .riskAcknowledged, .discloseConsent], version: 1)
    #expect(try house.consents.filter { $0.act == .flags }.map(flags) == [["sensor.camera": true]])
  }

  @Test func whatIsSetOutsideItsTimesOrUnderACeilingIsSaid() async throws {
    let house = try Household(isAudited: true)
    await house.keeper.reload(ceiling: [:])
    // A board without a clock that can be relied on denies whatever has times.
    try await house.allow([.sensorCamera], version: 1) { conditions in
      conditions.zone = "Europe/Berlin"
      conditions.windows = [.init(flags: ["sensor.microphone"], days: 1, from: 60, to: 120)]
    }
    try await house.allow([.sensorCamera, .sensorMicrophone], version: 2) { conditions in
      conditions.zone = "Europe/Berlin"
      conditions.windows = [.init(flags: ["sensor.microphone"], days: 1, from: 60, to: 120)]
    }
    let said = try house.consents.suffix(3)
    #expect(said.map(\.act) == [.flags, .times, .flags])
    #expect(said.map(flags) == [["sensor.camera": true], ["sensor.microphone": true], ["sensor.microphone": true]])
    #expect(said.map(\.policyVersion) == [1, 1, 2])
  }

  @Test func theTermsAreSaidBeforeTheFirstPolicyByTheirOwnText() async throws {
    let house = try Household(isAudited: true)
    try await house.acceptTerms()
    let said = try house.consents
    #expect(said.map(\.act) == [.terms, .risk] && said.allSatisfy { $0.origin == .owner && $0.person != nil })
    #expect(said.map(flags) == [["terms.accepted": true], ["risk.acknowledged": true]])
    #expect(said.map(\.text.hash.hex) == [Texts.terms.hash, Texts.riskHash])
  }

  @Test func aPauseItsRepetitionAnotherZoneAndAnEmptyChangeAreEachSaidAndNothingElse() async throws {
    let house = try Household(isAudited: true)
    let window = PolicyConditions.Window(flags: ["sensor.camera"], days: 127, from: 0, to: 1440)
    try await house.allow([.sensorCamera], version: 1)
    let before = try house.consents.count
    try await house.allow([.sensorCamera], version: 2) { $0.isPaused = true }
    try await house.allow([.sensorCamera], version: 3) { $0.isPaused = true }
    try await house.allow([.sensorCamera], version: 4)
    try await house.allow([.sensorCamera], version: 5) { ($0.zone, $0.windows) = ("Europe/Berlin", [window]) }
    try await house.allow([.sensorCamera], version: 6) { ($0.zone, $0.windows) = ("Europe/Lisbon", [window]) }
    try await house.allow([.sensorCamera], version: 7)
    try await house.allow([.sensorCamera], version: 8)
    let said = Array(try house.consents.dropFirst(before))
    #expect(said.map(\.act) == [.paused, .paused, .resumed, .times, .times, .times, .flags])
    #expect(said.map { flags($0)["sensor.camera"] } == [nil, nil, nil, true, true, false, nil])
    #expect(said.allSatisfy { $0.origin == .owner })
  }

  @Test func theBoardTakesAwayAndTakesThatBackAndAllowsNothing() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorMicrophone], version: 1)
    let before = try house.consents.count
    try await house.keeper.narrowOnBoard(.sensorCamera)
    try await house.keeper.restoreOnBoard(.sensorCamera)
    let said = Array(try house.consents.dropFirst(before))
    #expect(said.map(\.act) == [.narrowed, .restored] && said.allSatisfy { $0.origin == .board })
    let words = try #require(try sentences(house.folder).last)
    #expect(words.contains("took back the denial on the board of sensor.camera") && !words.contains("allow"))
  }

  @Test func whatIsGivenAfterANarrowingIsGivenAnew() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorCamera], version: 1)
    try await house.apply(.narrow(flag: "sensor.camera"))
    try await house.allow([.sensorCamera], version: 2)
    let said = try house.consents.suffix(2)
    #expect(said.map(\.act) == [.narrowed, .flags])
    #expect(said.map(flags) == [["sensor.camera": false], ["sensor.camera": true]])
  }

  @Test func aCeilingReadAnewDuringAPauseWidensInTheLogAndInTheLedger() async throws {
    let book = LinesBook()
    let house = try Household(isAudited: true, logger: book.logger)
    try await house.allow([.sensorCamera, .sensorMicrophone], version: 1)
    await house.keeper.reload(ceiling: [.sensorCamera: true])
    try await house.keeper.pauseOnBoard()
    await house.keeper.reload(ceiling: [.sensorCamera: true, .sensorMicrophone: true])
    let last = try #require(try house.consents.last)
    #expect(last.origin == .ceiling && flags(last) == ["sensor.microphone": true])
    #expect(book.lines.value.last { $0.contains("ceiling") }?.contains("sensor.microphone") == true)
    #expect(try sentences(house.folder).last?.contains("no longer denies sensor.microphone") == true)
    let count = try house.consents.count
    await house.keeper.reload(ceiling: [.sensorCamera: true, .sensorMicrophone: true])
    #expect(try house.consents.count == count)
  }

  @Test func aRestorationThatTheDiskRefusedIsUnsaid() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorCamera], version: 1)
    try await house.keeper.narrowOnBoard(.sensorCamera)
    try await house.allow([.sensorCamera], version: 2) { $0.isPaused = true }
    let path = "\(house.folder)/board"
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    await #expect(throws: AgentError.self) { try await house.keeper.restoreOnBoard(.sensorCamera) }
    try await house.allow([.sensorCamera], version: 3)
    #expect(house.bench.gate.denial(.keepSensor, .sensorCamera) != nil, "the denial on the board was never taken back")
    let said = try house.consents.suffix(3)
    #expect(said.map(\.act) == [.restored, .narrowed, .resumed] && said.map(\.origin) == [.board, .device, .owner])
  }
}
