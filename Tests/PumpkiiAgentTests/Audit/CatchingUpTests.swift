import Foundation
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// What became of the ceiling and of the board's file while no agent looked is said at the start, and nothing of it
/// widens in silence.
@Suite struct CatchingUpTests {
  let house: Household
  private var board: String { "\(house.folder)/board" }
  init() async throws {
    house = try Household(isAudited: true)
    try await house.allow([.sensorCamera, .sensorMicrophone], version: 1)
  }

  private func flags(_ record: ConsentRecord?) -> [String: Bool] {
    Dictionary((record?.settings ?? []).map { ($0.flag, $0.allow) }) { $1 }
  }

  private func denies(_ flag: Flag, _ bench: Bench) -> Bool { bench.gate.denial(.keepSensor, flag) != nil }

  @Test func whatACeilingGainedAndLostBetweenTwoStartsIsSaidOnce() async throws {
    let count = try house.consents.count
    _ = try house.start(under: nil)
    #expect(try house.consents.count == count, "there was none and there is none")
    _ = try house.start(under: [.sensorCamera: true])
    let lost = try #require(try house.consents.last)
    #expect(lost.origin == .ceiling && flags(lost).count == Flag.allCases.count - 1)
    #expect(flags(lost)["sensor.microphone"] == false && flags(lost)["sensor.camera"] == nil)
    let book = LinesBook()
    _ = try house.start(under: [.sensorMicrophone: true], logger: book.logger)
    let said = try house.consents
    #expect(said.count == count + 2 && said.last?.origin == .ceiling && said.last?.person == nil)
    #expect(flags(said.last) == ["sensor.camera": false, "sensor.microphone": true])
    #expect(book.lines.value.contains { $0.contains("ceiling") && $0.contains("no longer denied: sensor.microphone") })
    _ = try house.start(under: [.sensorMicrophone: true])
    #expect(try house.consents.count == count + 2)
    _ = try house.start(under: nil)
    let gained = flags(try house.consents.last)
    #expect(gained.count == Flag.allCases.count - 1 && gained.values.allSatisfy { $0 })
  }

  @Test func aReloadAndTheStartAfterItSayTheirOwnShare() async throws {
    let running = try house.start(under: [.sensorCamera: true])
    await running.reload(ceiling: [.sensorCamera: true, .recordLocal: true])
    _ = try house.start(under: [.sensorMicrophone: true, .recordLocal: true])
    #expect(flags(try house.consents.last) == ["sensor.camera": false, "sensor.microphone": true])
  }

  @Test func aWiderCeilingWaitsForTheLedgerAtTheStartToo() async throws {
    _ = try house.start(under: [.sensorCamera: true])
    let count = try house.consents.count
    let bench = Bench(allowed: [])
    let keeper = try house.start(under: [.sensorMicrophone: true], bench) { try house.breakTheCounter(true) }
    for _ in 0..<2 {
      #expect(denies(.sensorCamera, bench) && denies(.sensorMicrophone, bench))
      _ = await keeper.refreshStanding()
    }
    try house.breakTheCounter(false)
    _ = await keeper.refreshStanding()
    #expect(denies(.sensorCamera, bench) && !denies(.sensorMicrophone, bench))
    #expect(try house.consents.count == count + 1)
    #expect(flags(try house.consents.last) == ["sensor.camera": false, "sensor.microphone": true])
  }

  @Test func aCommandOnTheFolderSaysNothingOfACeilingThatTheAgentMayNotHave() async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-catching-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try LocalOwner.create(AgentHome(folder)) }
    _ = try await Board(folder: folder, ceiling: { [:] }).ask(.set(["sensor.camera": true]))
    #expect(try AuditReader(AgentPaths(folder: folder)).entries(.consent).count == 1)
  }

  @Test func aCeilingOfWhichTheLedgerWasCutOffIsSaidAnew() async throws {
    let paths = house.home.paths
    let record = ConsentRecord(
      act: .flags, origin: .ceiling, settings: [.init(flag: "sensor.camera", allow: false)], policyVersion: 1,
      policyHash: .zero, text: .init(version: "", hash: .zero))
    do {
      let ledger = try AuditLedger(
        .init(
          log: .consent, folder: AuditFolder(paths.ledgers), identity: house.device,
          counter: Counter(path: paths.counter, identity: house.device), keys: RowKeyRing(folder: paths.rowKeys),
          limits: .init(fileBytes: 1, files: nil)))
      for time in 1...3 as ClosedRange<UInt64> {
        try ledger.append([.record(.consent(record), at: time)])
        try ledger.settle()
      }
    }
    _ = try house.start(under: [.sensorMicrophone: true])
    #expect(flags(try house.consents.last)["sensor.camera"] == nil, "it is said already")
    let names = try DurableFile.list(paths.ledgers).filter { $0.hasPrefix("consent.") }
    try FileManager.default.removeItem(atPath: "\(paths.ledgers)/\(names[names.count - 3])")
    _ = try house.start(under: [.sensorMicrophone: true])
    #expect(flags(try house.consents.last).isEmpty == false)
    let count = try house.consents.count
    _ = try house.start(under: [.sensorMicrophone: true])
    #expect(try house.consents.count == count)
  }

  @Test func aDenialOnTheBoardWhoseFileWasTakenAwayOrBroughtBackStands() async throws {
    try await house.keeper.narrowOnBoard(.sensorCamera)
    let older = try #require(try house.home.read("board"))
    try await house.keeper.narrowOnBoard(.sensorMicrophone)
    let count = try house.consents.count
    for bytes in [nil, older] {
      try FileManager.default.removeItem(atPath: board)
      if let bytes { try house.home.write(bytes, "board") }
      let bench = Bench(allowed: [])
      let keeper = try house.restart(bench)
      #expect(denies(.sensorCamera, bench) && denies(.sensorMicrophone, bench))
      _ = await keeper.refreshStanding()
      #expect(try BoardState(try #require(try house.home.read("board"))).narrowed.count == 2)
    }
    #expect(try house.consents.count == count)
    let bench = Bench(allowed: [])
    try await house.restart(bench).restoreOnBoard(.sensorCamera)
    #expect(!denies(.sensorCamera, bench) && denies(.sensorMicrophone, bench))
  }

  @Test func aDenialThatWasCutBeforeTheLedgerHadItIsSaidByTheDevice() async throws {
    var cut = BoardState()
    cut.narrowed[.sensorCamera] = 1
    try house.home.write(cut.encoded, "board")
    let count = try house.consents.count
    for _ in 0..<2 { _ = try house.restart() }
    let said = try house.consents
    #expect(said.count == count + 1 && said.last?.act == .narrowed && said.last?.origin == .device)
    #expect(flags(said.last) == ["sensor.camera": false])
  }

  @Test func aRestorationThatWasCutBeforeItsFileIsUnsaid() async throws {
    try await house.keeper.narrowOnBoard(.sensorCamera)
    try await house.keeper.pauseOnBoard()
    let denied = try #require(try house.home.read("board"))
    try await house.keeper.resumeOnBoard()
    try await house.keeper.restoreOnBoard(.sensorCamera)
    try house.home.write(denied, "board")
    let bench = Bench(allowed: [])
    _ = try house.restart(bench)
    #expect(denies(.sensorCamera, bench) && denies(.sensorMicrophone, bench))
    let said = try house.consents.suffix(2)
    #expect(said.map(\.act) == [.narrowed, .paused] && said.allSatisfy { $0.origin == .device })
  }

  @Test func aDenialThatTheDiskRefusedIsStoredAsSoonAsItTakesIt() async throws {
    try FileManager.default.createDirectory(atPath: board, withIntermediateDirectories: false)
    await #expect(throws: AgentError.self) { try await house.keeper.narrowOnBoard(.sensorCamera) }
    try FileManager.default.removeItem(atPath: board)
    _ = await house.keeper.refreshStanding()
    #expect(try BoardState(try #require(try house.home.read("board"))).narrowed.keys.contains(.sensorCamera))
  }

  @Test func theEndOfADamagedFilesPauseGivesBackNoDenial() async throws {
    try await house.keeper.narrowOnBoard(.sensorCamera)
    try house.home.write([1, 2, 3], "board")
    let bench = Bench(allowed: [])
    let keeper = try house.restart(bench)
    #expect(denies(.sensorMicrophone, bench))
    try await keeper.resumeOnBoard()
    #expect(denies(.sensorCamera, bench) && !denies(.sensorMicrophone, bench))
    #expect(try house.consents.suffix(2).map(\.act) == [.paused, .resumed])
    #expect(try house.consents.suffix(2).map(\.origin) == [.device, .board])
  }
}
