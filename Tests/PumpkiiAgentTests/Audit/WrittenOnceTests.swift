import Foundation
import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// What was written and could not be anchored is anchored later, and not written again.
@Suite struct WrittenOnceTests {
  @Test func aConsentThatTheCounterRefusedStandsOnceInTheLedger() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorMicrophone], version: 1)
    try house.breakTheCounter(true)
    await #expect(throws: AgentError.self) { try await house.allow([.sensorMicrophone, .sensorCamera], version: 2) }
    _ = await house.keeper.refreshStanding()
    try house.breakTheCounter(false)
    _ = await house.keeper.refreshStanding()
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) == nil)
    #expect(try house.consents.filter { $0.policyVersion == 2 }.count == 1)
    #expect(try AuditReader(house.home.paths).verify(.consent).beyond == 0)
  }

  @Test func aRestorationThatTheCounterRefusedIsUnsaidOnce() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorCamera], version: 1)
    try await house.keeper.narrowOnBoard(.sensorCamera)
    try house.breakTheCounter(true)
    await #expect(throws: AgentError.self) { try await house.keeper.restoreOnBoard(.sensorCamera) }
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) != nil)
    try house.breakTheCounter(false)
    _ = await house.keeper.refreshStanding()
    #expect(house.bench.gate.denial(.openSensor, .sensorCamera) != nil)
    #expect(try house.consents.suffix(3).map(\.act) == [.narrowed, .restored, .narrowed])
    #expect(try house.consents.suffix(3).map(\.origin) == [.board, .board, .device])
  }

  @Test func aDecisionThatTheCounterRefusedStandsOnceInTheLog() async throws {
    let ledgers = try Ledgers()
    let decisions = try ledgers.open().decisions
    let path = ledgers.paths.counter
    try FileManager.default.moveItem(atPath: path, toPath: "\(path).kept")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    decisions.record(.opened(.camera))
    #expect(await !decisions.flush())
    decisions.closed(.camera, .denied)
    #expect(await !decisions.flush())
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: "\(path).kept", toPath: path)
    #expect(await decisions.flush())
    let records = try AuditReader(ledgers.paths).entries(.decisions).map(\.record)
    #expect(records == [.opened(.camera), .closed(.camera, .denied)])
    #expect(try ledgers.verify(.decisions).beyond == 0)
  }

  @Test func anErasureThatWasCutIsFinishedAndNotedOnce() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorCamera], version: 1)
    let keys = house.home.paths.rowKeys
    let row = try #require(try RowKeyRing(folder: keys).known(house.owner.chain.id)).row
    func noted() throws -> Int {
      try AuditReader(house.home.paths).entries(.consent).count { $0.record == .erased(row) }
    }
    // As a kill leaves it before the key is destroyed.
    try DurableFile.write([], to: "\(keys)/\(row.hex).erasing")
    _ = try house.restart()
    #expect(try DurableFile.list(keys).isEmpty)
    #expect(try noted() == 1)
    // And after it was noted.
    try DurableFile.write([], to: "\(keys)/\(row.hex).erasing")
    _ = try house.restart()
    #expect(try DurableFile.list(keys).isEmpty)
    #expect(try noted() == 1)
  }

  @Test func anErasureThatTheCounterRefusedIsNotedByTheNextStart() async throws {
    let ledgers = try Ledgers()
    let audit = try ledgers.open()
    try audit.consents.record(Ledgers.consent("sensor.camera"), by: Ledgers.person)
    let path = ledgers.paths.counter
    try FileManager.default.moveItem(atPath: path, toPath: "\(path).kept")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(throws: AgentError.self) { try audit.erase(Ledgers.person.account) }
    #expect(try DurableFile.list(ledgers.paths.rowKeys).map { $0.hasSuffix(".erasing") } == [true])
  }

  @Test func aSpoolThatWasBroughtBackOrRemovedGivesNoNumberOutTwice() throws {
    let ledgers = try Ledgers()
    let counter = try Counter(path: ledgers.paths.counter, identity: ledgers.identity)
    func spool() throws -> Spool {
      let spool = try Spool(
        folder: "\(ledgers.root)/spool", identity: ledgers.identity, settings: RecordSettings(),
        report: Published(RecorderState()))
      try spool.count(by: counter)
      return spool
    }
    #expect(try spool().reserve() == 1)
    let older = try ledgers.bytes("\(ledgers.root)/spool/number")
    #expect(try spool().reserve() == 2)
    #expect(counter.value.clip == 2)
    try DurableFile.write(older, to: "\(ledgers.root)/spool/number")
    let again = try spool()
    #expect(again.report.value.highestClip == 2)
    #expect(try again.reserve() == 3)
    try FileManager.default.removeItem(atPath: "\(ledgers.root)/spool")
    #expect(try spool().reserve() == 4)
  }

  @Test func thePolicyThatTheDisksRosterNamesOutlivesTwoThatCameToNothing() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorCamera], version: 1)
    try house.breakTheDisk(true)
    await #expect(throws: AgentError.self) { try await house.allow([.sensorMicrophone], version: 2) }
    await #expect(throws: AgentError.self) { try await house.allow([.sensorMicrophone, .recordLocal], version: 3) }
    // As a kill leaves it.
    try house.breakTheDisk(false)
    try FileManager.default.moveItem(atPath: "\(house.folder)/roster.kept", toPath: "\(house.folder)/roster")
    let bench = Bench(allowed: [])
    _ = try house.restart(bench)
    #expect(bench.gate.denial(.openSensor, .sensorCamera) == nil)
    #expect(bench.gate.denial(.openSensor, .sensorMicrophone) != nil)
  }

  @Test func itOutlivesAThirdThatWasCutAsWell() throws {
    let ledgers = try Ledgers()
    let policies = PolicyStore(folder: ledgers.paths.folder)
    try policies.store([1], version: 1)
    try policies.store([2], version: 2, keeping: Hashes.sha256([1]))
    var pair = ByteWriter()
    pair.write(UInt64(3))
    pair.write(Hashes.sha256([3]))
    try DurableFile.write([3], to: "\(ledgers.paths.folder)/policy.next")
    try DurableFile.write(pair.bytes, to: "\(ledgers.paths.folder)/policy.pair")
    #expect(policies.load(named: Hashes.sha256([1]), version: 1) == .document([1]))
    #expect(policies.load() == .document([1]))
  }

  @Test func aConsentThatCameToNothingAndComesAgainIsNotSaidTwice() async throws {
    let house = try Household(isAudited: true)
    try await house.allow([.sensorMicrophone], version: 1)
    try house.breakTheDisk(true)
    await #expect(throws: AgentError.self) { try await house.allow([.sensorCamera], version: 2) }
    let document = try #require(try house.home.read("policy"))
    let operation = try #require(house.roster.entries.last)
    // As a kill leaves it; the relay brings the operation again.
    try house.breakTheDisk(false)
    try FileManager.default.moveItem(atPath: "\(house.folder)/roster.kept", toPath: "\(house.folder)/roster")
    let bench = Bench(allowed: [])
    let keeper = try house.restart(bench)
    #expect(bench.gate.denial(.openSensor, .sensorCamera) != nil)
    try await keeper.apply(operation, policy: document)
    #expect(bench.gate.denial(.openSensor, .sensorCamera) == nil)
    #expect(try house.consents.filter { $0.policyVersion == 2 }.count == 1)
  }
}
