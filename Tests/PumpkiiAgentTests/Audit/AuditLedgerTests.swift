import Foundation
import PumpkiiAgent
import PumpkiiChain
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct AuditLedgerTests {
  private func filled(_ count: Int = 4) throws -> Ledgers {
    let ledgers = try Ledgers()
    let audit = try ledgers.open()
    for number in 0..<count {
      try audit.consents.record(Ledgers.consent("sensor.camera", number.isMultiple(of: 2)), by: Ledgers.person)
    }
    return ledgers
  }

  @Test func anActIsOnTheDiskAndAnchoredWhenItCounts() throws {
    let ledgers = try filled(1)
    let report = try ledgers.verify(.consent)
    #expect(report.entries == 1)
    #expect(report.beyond == 0)
    #expect(report.tail == 0)
  }

  @Test func aReaderBesideARunningAgentReadsWhoDidWhat() throws {
    let ledgers = try Ledgers()
    let audit = try ledgers.open()
    try audit.consents.record(Ledgers.consent("sensor.camera"), by: Ledgers.person)
    let reader = try AuditReader(ledgers.paths)
    let entry = try #require(try reader.entries(.consent).first)
    #expect(reader.person(in: entry) == Ledgers.person)
    let words = AuditWords.sentence(entry.record, person: reader.person(in: entry))
    #expect(words.contains("the owner, account 07070707"))
    #expect(words.contains("sensor.camera allow"))
    #expect(words.contains("policy version 3"))
    #expect(words.contains("text 2026-01"))
    withExtendedLifetime(audit) {}
  }

  @Test func anyFlippedBitIsFound() throws {
    let ledgers = try filled(3)
    let path = try ledgers.file(.consent)
    let whole = try ledgers.bytes(path)
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= UInt8(1) << UInt8(place % 8)
      try DurableFile.write(bytes, to: path)
      #expect(throws: AgentError.self, "byte \(place)") { try ledgers.verify(.consent) }
    }
    try DurableFile.write(whole, to: path)
    #expect(throws: Never.self) { try ledgers.verify(.consent) }
  }

  @Test func anAlteredLedgerStopsTheStart() throws {
    let ledgers = try filled(3)
    let path = try ledgers.file(.consent)
    var bytes = try ledgers.bytes(path)
    bytes[bytes.count / 2] ^= 1
    try DurableFile.write(bytes, to: path)
    #expect(throws: Ledgers.altered) { _ = try ledgers.open() }
  }

  @Test func everyRemovedEntryIsFound() throws {
    let ledgers = try filled(4)
    let path = try ledgers.file(.consent)
    let entries = AuditFile.split(try ledgers.bytes(path)).entries
    for removed in entries.indices {
      var left = entries
      left.remove(at: removed)
      try DurableFile.write(left.flatMap(AuditFile.frame), to: path)
      #expect(throws: AgentError.self, "entry \(removed + 1)") { try ledgers.verify(.consent) }
      #expect(throws: AgentError.self, "entry \(removed + 1)") { _ = try ledgers.open() }
    }
  }

  @Test func aMissingEndIsOlderThanTheCounter() throws {
    let ledgers = try filled(4)
    let path = try ledgers.file(.consent)
    let entries = AuditFile.split(try ledgers.bytes(path)).entries
    for kept in 0..<entries.count {
      try DurableFile.write(entries.prefix(kept).flatMap(AuditFile.frame), to: path)
      #expect(throws: Ledgers.older, "\(kept) of \(entries.count)") { try ledgers.verify(.consent) }
      #expect(throws: Ledgers.older, "\(kept) of \(entries.count)") { _ = try ledgers.open() }
    }
    try DurableFile.remove(path)
    #expect(throws: Ledgers.older) { try ledgers.verify(.consent) }
    #expect(throws: Ledgers.older) { _ = try ledgers.open() }
  }

  @Test func anEntryOfAnotherPlaceOrLedgerIsFound() throws {
    let ledgers = try filled(3)
    let path = try ledgers.file(.consent)
    let entries = AuditFile.split(try ledgers.bytes(path)).entries
    for spliced in [[0, 2, 1], [0, 1, 1], [1, 1, 2], [0, 0, 1, 2]] {
      try DurableFile.write(spliced.flatMap { AuditFile.frame(entries[$0]) }, to: path)
      #expect(throws: AgentError.self, "\(spliced)") { try ledgers.verify(.consent) }
    }
    try DurableFile.write(entries.flatMap(AuditFile.frame), to: "\(ledgers.paths.ledgers)/decisions.0000000001")
    try DurableFile.write(entries.flatMap(AuditFile.frame), to: path)
    #expect(try ledgers.verify(.decisions).entries == 0, "an entry of the other ledger is none of this one")
  }

  @Test func anEntryOfAnotherDeviceIsFound() throws {
    let (ledgers, others) = (try filled(1), try filled(1))
    try DurableFile.write(try others.bytes(try others.file(.consent)), to: try ledgers.file(.consent))
    #expect(throws: Ledgers.altered) { try ledgers.verify(.consent) }
  }

  @Test func aHalfWrittenEndIsHealedAndToldOf() throws {
    let ledgers = try filled(2)
    let path = try ledgers.file(.consent)
    let whole = try ledgers.bytes(path)
    let half = AuditFile.frame([UInt8](repeating: 5, count: 300)).prefix(77)
    try DurableFile.append(Array(half), to: path)
    #expect(try ledgers.verify(.consent).tail == 77)
    _ = try ledgers.open()
    let entries = try AuditReader(ledgers.paths).entries(.consent)
    #expect(entries.last?.record == .healed(bytes: 77, hash: Hashes.sha256(half)))
    #expect(try ledgers.bytes(path).starts(with: whole))
    let report = try ledgers.verify(.consent)
    #expect(report.entries == 3)
    #expect(report.tail == 0)
  }

  @Test(arguments: [1, 4, 5, 40, 200]) func anEndCutAnywhereIsHealed(_ length: Int) throws {
    let ledgers = try filled(2)
    let path = try ledgers.file(.consent)
    let zeros = [UInt8](repeating: 0, count: length)
    try DurableFile.append(zeros, to: path)
    let audit = try ledgers.open()
    try audit.consents.record(Ledgers.consent("share.video"), by: nil)
    #expect(try ledgers.verify(.consent).entries == 4)
  }

  @Test func anEntryAheadOfTheCounterIsAcceptedAfterACrash() throws {
    let ledgers = try filled(2)
    let counter = try ledgers.bytes(ledgers.paths.counter)
    try ledgers.open().consents.record(Ledgers.consent("sensor.microphone"), by: Ledgers.person)
    try DurableFile.write(counter, to: ledgers.paths.counter)
    #expect(try ledgers.verify(.consent).beyond == 1)
    _ = try ledgers.open()
    let report = try ledgers.verify(.consent)
    #expect(report.beyond == 0)
    #expect(report.entries == 3)
  }

  @Test func aCounterFarBehindTheLedgerIsRefused() throws {
    let ledgers = try filled(1)
    let counter = try ledgers.bytes(ledgers.paths.counter)
    let audit = try ledgers.open()
    for _ in 0..<20 { try audit.consents.record(Ledgers.consent("sensor.camera"), by: nil) }
    try DurableFile.write(counter, to: ledgers.paths.counter)
    withExtendedLifetime(audit) {}
    #expect(throws: Ledgers.older) { try Self.reopen(ledgers) }
  }

  private static func reopen(_ ledgers: Ledgers) throws(AgentError) {
    _ = try ledgers.openLedger(.consent, .standard(.consent))
  }

  @Test func ledgersWithoutTheirCounterAreRefused() throws {
    let ledgers = try filled(1)
    try DurableFile.remove(ledgers.paths.counter)
    #expect(throws: Ledgers.older) { _ = try ledgers.open() }
    #expect(throws: Ledgers.older) { _ = try AuditReader(ledgers.paths) }
  }

  @Test func aFullFileIsFollowedByAnotherOfTheSameChain() throws {
    let ledgers = try Ledgers()
    let ledger = try ledgers.openLedger(.consent, AuditLedger.Limits(fileBytes: 600, files: nil))
    for _ in 0..<14 { try ledger.append([.record(.began, at: 1)]) }
    #expect(try DurableFile.list(ledgers.paths.ledgers).count > 2)
    #expect(try ledgers.verify(.consent).entries == 14)
    let again = try ledgers.openLedger(.consent, AuditLedger.Limits(fileBytes: 600, files: nil))
    #expect(again.head == ledger.head)
  }

  @Test func whatIsTooOldGoesAndTheChainStillVerifies() throws {
    let ledgers = try Ledgers()
    let limits = AuditLedger.Limits(fileBytes: 600, files: 3)
    let ledger = try ledgers.openLedger(.decisions, limits)
    for _ in 0..<40 { try ledger.append([.record(.began, at: 1)]) }
    #expect(try DurableFile.list(ledgers.paths.ledgers).count <= 4)
    let report = try ledgers.verify(.decisions)
    #expect(report.entries < report.head.count)
    // Somebody takes one more of the old files: no entry vouches for that.
    let oldest = try #require(try DurableFile.list(ledgers.paths.ledgers).first { $0.hasPrefix("decisions") })
    try DurableFile.remove("\(ledgers.paths.ledgers)/\(oldest)")
    #expect(throws: Ledgers.altered) { try ledgers.verify(.decisions) }
  }

  @Test func aFileThatWasBegunAndIsEmptyCostsNothing() throws {
    let ledgers = try filled(2)
    try DurableFile.write([], to: "\(ledgers.paths.ledgers)/consent.0000000003")
    try ledgers.open().consents.record(Ledgers.consent("sensor.camera"), by: nil)
    #expect(try ledgers.verify(.consent).entries == 3)
  }

  @Test func anActThatCannotBeWrittenDoesNotCountAndLeavesNoHalf() throws {
    let ledgers = try Ledgers()
    let audit = try ledgers.open()
    try audit.consents.record(Ledgers.consent("sensor.camera"), by: nil)
    let path = try ledgers.file(.consent)
    let kept = try ledgers.bytes(path)
    try DurableFile.remove(path)
    try DurableFile.makeFolder(path)
    #expect(throws: AgentError(.home, "", advice: "")) {
      try audit.consents.record(Ledgers.consent("sensor.microphone"), by: nil)
    }
    try FileManager.default.removeItem(atPath: path)
    try DurableFile.write(kept, to: path)
    #expect(try ledgers.verify(.consent).entries == 1)
  }

  @Test func erasingAnAccountLeavesTheChainAndNotTheName() throws {
    let ledgers = try filled(2)
    let audit = try ledgers.open()
    try audit.erase(Ledgers.person.account)
    let reader = try AuditReader(ledgers.paths)
    let entries = try reader.entries(.consent)
    #expect(entries.count == 3)
    #expect(entries.allSatisfy { reader.person(in: $0) == nil })
    if case .erased(let row) = entries[2].record {
      #expect(row == entries[0].record.person?.row)
    } else {
      Issue.record("the last entry says that an account was erased")
    }
    #expect(try ledgers.verify(.consent).entries == 3)
    #expect(try !DurableFile.list(ledgers.paths.rowKeys).contains("\(Ledgers.person.account.hex).key"))
    let everything = try ledgers.bytes(try ledgers.file(.consent))
    #expect(!everything.contains(Ledgers.person.account.bytes))
  }
}
