import Foundation
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiWire
import Testing

/// A change on the board says what denies all the same.
@Suite struct BoardOutcomeTests {
  let house: Household
  private var desk: BoardDesk { BoardDesk(keeper: house.keeper, gate: house.bench.gate) }

  init() async throws {
    house = try Household()
    try await house.allow([.sensorCamera], version: 1)
  }

  private func outcome(_ request: BoardRequest) async throws -> BoardOutcome {
    guard case .done(let outcome) = await desk.answer(request) else {
      Issue.record("no outcome")
      return BoardOutcome()
    }
    return outcome
  }

  @Test func theEndOfThePauseOnTheBoardDoesNotHideTheOwners() async throws {
    _ = try await outcome(.pause)
    try await house.allow([.sensorCamera], version: 2) { $0.isPaused = true }
    let words = try await outcome(.resume).resumed
    #expect(
      words == "Resumed on the board; the owner's pause still denies everything: pumpkii permissions resume.")
    #expect(try await outcome(.resume).resumed.hasPrefix("Nothing was paused on this board; the owner's pause"))
    try await house.allow([.sensorCamera], version: 3)
    #expect(try await outcome(.resume).resumed == "Nothing is paused on this board.")
    _ = try await outcome(.pause)
    #expect(try await outcome(.resume).resumed == "This board goes by its flags again.")
  }

  @Test func aRestorationSaysWhatStillDenies() async throws {
    #expect(try await outcome(.restore("sensor.camera")).restored("sensor.camera").contains("was not denied"))
    _ = try await outcome(.narrow("sensor.camera"))
    #expect(try await outcome(.restore("sensor.camera")).restored("sensor.camera").contains("is allowed again"))
    _ = try await outcome(.narrow("sensor.microphone"))
    let still = try await outcome(.restore("sensor.microphone"))
    #expect(still.isChanged && still.denied.map(\.flag) == ["sensor.microphone"])
    #expect(still.restored("sensor.microphone").contains("permissions set"))
    _ = try await outcome(.narrow("sensor.camera"))
    _ = try await outcome(.pause)
    #expect(try await outcome(.restore("sensor.camera")).restored("sensor.camera").contains("resume --board"))
  }

  @Test func whatIsSetDuringAPauseIsNotInForce() async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-outcome-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try LocalOwner.create(AgentHome(folder)) }
    let board = Board(folder: folder)
    #expect(try await board.change(.set(["sensor.camera": true])).set == ["Set, and in force."])
    _ = try await board.change(.narrow("sensor.microphone"))
    let narrowed = try await board.change(.set(["sensor.microphone": true])).set
    #expect(narrowed.count == 2 && narrowed.last?.contains("permissions restore sensor.microphone") == true)
    _ = try await board.change(.pause)
    let paused = try await board.change(.set(["record.local": true])).set
    #expect(paused.count == 1 && paused[0].contains("resume --board") && !paused[0].contains("in force"))
  }

  @Test func aDamagedFileEndsAsAPauseOnTheBoardDoes() async throws {
    try house.home.write([1], "board")
    let bench = Bench(allowed: [])
    let again = try Household.keeper(house.home, house.device, bench)
    #expect(try await again.narrowOnBoard(.sensorMicrophone))
    #expect(bench.gate.denial(.keepSensor, .sensorCamera) != nil, "a denial gives nothing back")
    #expect(try await again.resumeOnBoard())
    #expect(bench.gate.denial(.keepSensor, .sensorCamera) == nil)
  }
}

/// Erasing an account from the ledgers, as `pumpkii permissions erase` does.
@Suite struct EraseTests {
  @Test func afterItTheLogNamesNobodyAndVerifies() async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-erase-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    do { _ = try LocalOwner.create(AgentHome(folder)) }
    let board = Board(folder: folder)
    _ = try await board.ask(.set(["sensor.camera": true]))
    let paths = AgentPaths(folder: folder)
    let named = try AuditReader(paths)
    let account = try #require(try named.entries(.consent).compactMap { named.person(in: $0)?.account }.first)
    for wrong in ["", "0123456", "ffffffffffff"] {
      await #expect(throws: AgentError(.policy, "", advice: "")) { try await board.ask(.erase(wrong)) }
    }
    _ = try await board.ask(.erase(String(account.hex.prefix(8))))
    let reader = try AuditReader(paths)
    for log in AuditLog.allCases {
      #expect(try reader.entries(log).allSatisfy { reader.person(in: $0) == nil })
      #expect(throws: Never.self) { _ = try reader.verify(log) }
    }
    let last = try #require(try reader.entries(.consent).last)
    let words = AuditWords.sentence(last.record, person: nil)
    #expect(words.contains("an account was erased") && !words.contains(account.hex.prefix(8)))
    await #expect(throws: AgentError(.policy, "", advice: "")) { try await board.ask(.erase(account.hex)) }
  }
}
