import Foundation
import Logging
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

/// What is denied and undone on the board itself.
@Suite struct BoardTests {
  let house: Household
  init() async throws {
    house = try Household()
    try await house.allow([.sensorCamera, .sensorMicrophone, .shareVideo, .shareAudio], version: 1)
  }

  private func denies(_ flag: Flag) -> Bool { house.bench.gate.denial(.keepSensor, flag) != nil }

  @Test func aNarrowingOnTheBoardDeniesAtOnceAndOwesAnEpoch() async throws {
    #expect(!denies(.sensorMicrophone))
    try await house.keeper.narrowOnBoard(.sensorMicrophone)
    #expect(denies(.sensorMicrophone) && !denies(.sensorCamera))
    #expect(await house.keeper.owed == .narrowed)
  }

  @Test func itSurvivesARestartAndIsUndoneOnTheBoard() async throws {
    try await house.keeper.narrowOnBoard(.sensorMicrophone)
    let bench = Bench(allowed: [])
    let again = try Household.keeper(house.home, house.device, bench)
    #expect(bench.gate.denial(.openSensor, .sensorMicrophone) != nil)
    try await again.restoreOnBoard(.sensorMicrophone)
    #expect(bench.gate.denial(.openSensor, .sensorMicrophone) == nil)
  }

  @Test func undoingGivesNoMoreThanTheOwnerAllows() async throws {
    try await house.keeper.narrowOnBoard(.sharePhoto)
    try await house.keeper.restoreOnBoard(.sharePhoto)
    #expect(denies(.sharePhoto), "the owner never allowed it")
  }

  @Test func anOwnersNewPolicyDoesNotUndoWhatWasDeniedOnTheBoard() async throws {
    try await house.keeper.narrowOnBoard(.sensorMicrophone)
    try await house.allow([.sensorCamera, .sensorMicrophone], version: 2)
    #expect(denies(.sensorMicrophone) && !denies(.sensorCamera))
  }

  @Test func aPauseDeniesEverythingAndItsEndRestoresExactlyWhatWas() async throws {
    try await house.keeper.narrowOnBoard(.shareAudio)
    let before = Flag.allCases.filter { denies($0) }
    try await house.keeper.pauseOnBoard()
    #expect(Flag.allCases.allSatisfy { denies($0) })
    let bench = Bench(allowed: [])
    let again = try Household.keeper(house.home, house.device, bench)
    #expect(Flag.allCases.allSatisfy { bench.gate.denial(.keepSensor, $0) != nil }, "a restart ends no pause")
    try await again.resumeOnBoard()
    #expect(Flag.allCases.filter { bench.gate.denial(.keepSensor, $0) != nil } == before)
  }

  @Test func aNarrowingThatCannotBeStoredHoldsAllTheSame() async throws {
    try FileManager.default.createDirectory(atPath: "\(house.folder)/board", withIntermediateDirectories: false)
    await #expect(throws: AgentError.self) { try await house.keeper.narrowOnBoard(.sensorCamera) }
    #expect(denies(.sensorCamera))
  }

  @Test func aWideningThatCannotBeStoredIsNone() async throws {
    try await house.keeper.narrowOnBoard(.sensorCamera)
    try FileManager.default.removeItem(atPath: "\(house.folder)/board")
    try FileManager.default.createDirectory(atPath: "\(house.folder)/board", withIntermediateDirectories: false)
    await #expect(throws: AgentError.self) { try await house.keeper.restoreOnBoard(.sensorCamera) }
    #expect(denies(.sensorCamera))
  }

  @Test(arguments: ["", "pumpkii/1 board", "pumpkii/1 board\nallow sensor.camera\n", "pumpkii/1 board\npaused x\n"])
  func aDamagedFileDeniesEverything(_ text: String) throws {
    try house.home.write(Array(text.utf8), "board")
    let bench = Bench(allowed: [])
    _ = try Household.keeper(house.home, house.device, bench)
    #expect(Flag.allCases.allSatisfy { bench.gate.denial(.keepSensor, $0) != nil })
  }

  @Test func aCeilingReadAnewNarrowsAtOnceAndANarrowerOneIsGone() async throws {
    await house.keeper.reload(ceiling: [.sensorCamera: true])
    #expect(denies(.sensorMicrophone) && !denies(.sensorCamera))
    await house.keeper.reload(ceiling: [:])
    #expect(denies(.sensorCamera))
    await house.keeper.reload(ceiling: nil)
    #expect(!denies(.sensorCamera) && !denies(.sensorMicrophone))
  }

  @Test func whatTheDeskIsAskedItDoesOrSaysWhyNot() async throws {
    let desk = BoardDesk(keeper: house.keeper, gate: house.bench.gate)
    guard case .done = await desk.answer(.narrow("sensor.camera")) else {
      Issue.record("refused")
      return
    }
    guard case .status(let status) = await desk.answer(.status) else {
      Issue.record("no status")
      return
    }
    #expect(status.narrowedOnBoard == ["sensor.camera"] && status.owner == "paired" && status.policyVersion == 1)
    #expect(status.flags.first { $0.flag == "sensor.camera" }?.layer == "owner")
    guard case .failed(let code, _, let advice) = await desk.answer(.set(["sensor.camera": true])) else {
      Issue.record("a board that is not its own owner widened")
      return
    }
    #expect(code == "agent-policy" && !advice.isEmpty)
    guard case .failed = await desk.answer(.narrow("sensor.nose")) else {
      Issue.record("no such flag")
      return
    }
    guard case .explained(let list) = await desk.answer(.explain(subject: "sensor.camera", account: nil, at: nil))
    else {
      Issue.record("no explanation")
      return
    }
    #expect(list.map(\.point) == Flag.sensorCamera.points.map(\.rawValue))
    #expect(list.allSatisfy { !$0.allowed && $0.layer == "owner" && $0.clause == "C6" && $0.policyVersion == 1 })
  }
}

/// What an account has at an instant that is not now.
@Suite struct BoardGrantTests {
  @Test func aShareIsExplainedForTheInstantThatIsAskedFor() async throws {
    let house = try Household()
    let guest = try Person()
    try await house.allow([.sensorCamera, .shareVideo], version: 1)
    try await house.keeper.take(
      chain: EntryList.encode(guest.chain.entries), sealingKeys: EntryList.encode([guest.announcement]))
    let (from, until) = (Clocks.unixMicroseconds() + 3_600_000_000, Clocks.unixMicroseconds() + 7_200_000_000)
    let grant = RosterOperation.Grant(
      account: guest.chain.id, accountVersion: guest.chain.version, accountHead: guest.chain.head,
      classes: ClassMask(.video), from: from, until: until)
    try await house.apply(.grant(grant), knowing: [guest])
    let desk = BoardDesk(keeper: house.keeper, gate: house.bench.gate)
    func key(at time: UInt64?) async -> ExplainedDecision? {
      let request = BoardRequest.explain(subject: "share.video", account: guest.chain.id.hex, at: time)
      guard case .explained(let list) = await desk.answer(request) else { return nil }
      return list.first { $0.point == "E4" }
    }
    let now = await key(at: nil)
    #expect(now?.allowed == false && now?.changesAt == from && now?.reason.contains("has not begun") == true)
    let within = await key(at: from)
    #expect(within?.allowed == true && within?.changesAt == until)
    let after = await key(at: until)
    #expect(after?.allowed == false && after?.reason.contains("has ended") == true)
  }

  @Test func theStoredPinHoldsForTheRelayThatIsNamedAgain() throws {
    let pin = String(repeating: "ab", count: 32)
    let stored = RelayFile(try RelayAddress("https://relay.example:8443", pinText: pin)).bytes
    #expect(try RelayFile.named("https://relay.example:8443", pin: nil, stored: stored).pin?.hex == pin)
    #expect(try RelayFile.named("https://other.example:8443", pin: nil, stored: stored).pin == nil)
    #expect(try RelayFile.named("https://relay.example:8443", pin: nil, stored: nil).pin == nil)
    let other = String(repeating: "cd", count: 32)
    #expect(try RelayFile.named("https://relay.example:8443", pin: other, stored: stored).pin?.hex == other)
  }
}

/// A board that is its own owner.
@Suite struct LocalOwnerTests {
  let folder = NSTemporaryDirectory() + "pumpkii-local-\(UUID().uuidString)"

  private func keeper(_ home: AgentHome, _ bench: Bench) throws -> RosterKeeper {
    try Household.keeper(home, home.identity(), bench)
  }

  @Test func aFreshBoardDeniesSensorsAndSharingUntilItSaysOtherwise() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    let fresh = Bench(allowed: [])
    _ = try keeper(home, fresh)
    #expect(Flag.allCases.allSatisfy { fresh.gate.denial(.keepSensor, $0) != nil })
    _ = try LocalOwner.create(home)
    let bench = Bench(allowed: [])
    let keeper = try keeper(home, bench)
    #expect(Flag.allCases.allSatisfy { bench.gate.denial(.keepSensor, $0) != nil })
    try await keeper.setLocally { flags, _ in flags["sensor.camera"] = true }
    #expect(bench.gate.denial(.openSensor, .sensorCamera) == nil)
    #expect(bench.gate.denial(.openSensor, .sensorMicrophone) != nil)
  }

  @Test func whatIsChangedWhileNoAgentRunsIsInTheLedgerToo() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try LocalOwner.create(AgentHome(folder)) }
    let board = Board(folder: folder)
    _ = try await board.ask(.set(["sensor.camera": true]))
    _ = try await board.ask(.narrow("sensor.camera"))
    _ = try await board.ask(.restore("sensor.camera"))
    let reader = try AuditReader(AgentPaths(folder: folder))
    let sentences = try reader.entries(.consent).map { AuditWords.sentence($0.record, person: reader.person(in: $0)) }
    #expect(sentences.count == 3)
    for (sentence, words) in zip(sentences, ["set sensor.camera", "took away sensor.camera", "took back"]) {
      #expect(sentence.contains(words))
    }
    #expect(try reader.verify(.consent).entries == 3)
  }

  @Test func itReceivesTheKeysOfWhatTheBoardRecords() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    let (owner, recovery) = try LocalOwner.create(home)
    let bench = Bench(allowed: [])
    let keeper = try keeper(home, bench)
    try await keeper.setLocally { flags, _ in
      flags["sensor.camera"] = true
      flags["record.local"] = true
    }
    let receivers = bench.standing.value.recipients
    #expect(receivers.contains { $0.client == owner.client && $0.classes.contains(.video) })
    #expect(receivers.contains { $0.client == ClientID(of: recovery.signing.publicKey) }, "its paper key")
  }

  @Test func whatIsChangedWithoutAnAgentIsInTheLedgerAndAnchored() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try { _ = try LocalOwner.create(try AgentHome(folder)) }()
    let board = Board(folder: folder)
    _ = try await board.ask(.set(["sensor.camera": true]))
    _ = try await board.ask(.narrow("sensor.camera"))
    _ = try await board.ask(.restore("sensor.camera"))
    let consents = try AuditReader(AgentPaths(folder: folder)).entries(.consent).compactMap { entry in
      if case .consent(let record) = entry.record { record } else { nil }
    }
    #expect(consents.map(\.act) == [.flags, .narrowed, .restored])
    #expect(consents.map(\.origin) == [.owner, .board, .board])
    #expect(consents.flatMap { $0.settings.map(\.allow) } == [true, false, true])
    let home = try AgentHome(folder)
    let audit = try Audit(home: home, identity: home.identity(), logger: Logger(label: "test"))
    #expect(throws: AgentError(.rollback, "", advice: "")) { try audit.check(policy: .none, rosterVersion: 0) }
  }

  @Test func aPolicyThatWasCutBeforeItsRosterLeavesTheOldOneWhole() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try { _ = try LocalOwner.create(try AgentHome(folder)) }()
    let board = Board(folder: folder)
    func allowed() async throws -> [String] {
      guard case .status(let status) = try await board.ask(.status) else { return [] }
      return status.flags.filter(\.isAllowed).map(\.flag)
    }
    _ = try await board.ask(.set(["sensor.camera": true]))
    let names = ["roster", "counter"]
    let before = try names.map { try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)")) }
    _ = try await board.ask(.set(["record.local": true]))
    // As if neither had been written any more.
    for (name, bytes) in zip(names, before) { try bytes.write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    #expect(try await allowed() == ["sensor.camera"])
    _ = try await board.ask(.set(["record.local": true]))
    #expect(try await allowed() == ["sensor.camera", "record.local"])
  }

  @Test func aMistypedFolderBecomesNoCamera() async throws {
    await #expect(throws: AgentError(.home, "", advice: "")) { try await Board(folder: folder).ask(.status) }
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func whatWasDeniedOnTheBoardSaysWhereItIsTakenBack() async throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try { _ = try LocalOwner.create(try AgentHome(folder)) }()
    let board = Board(folder: folder)
    _ = try await board.ask(.set(["sensor.camera": true]))
    _ = try await board.ask(.narrow("sensor.camera"))
    guard case .explained(let list) = try await board.ask(.explain(subject: "E1", account: nil, at: nil))
    else {
      Issue.record("no explanation")
      return
    }
    #expect(list.first { $0.flag == "sensor.camera" }?.reason.contains("permissions restore sensor.camera") == true)
  }

  @Test func aSecondOwnerIsRefused() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    _ = try LocalOwner.create(home)
    #expect(throws: AgentError(.alreadyPaired, "", advice: "")) { try LocalOwner.create(home) }
  }
}
