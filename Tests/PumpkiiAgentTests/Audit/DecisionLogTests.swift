import PumpkiiAgent
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import ServiceLifecycle
import Testing

@Suite struct DecisionLogTests {
  private func records(_ ledgers: Ledgers) throws -> [AuditRecord] {
    try AuditReader(ledgers.paths).entries(.decisions).map(\.record)
  }

  private var denial: Decision {
    decide(Request(point: .keepSensor, flag: .sensorMicrophone), facts: Facts(), now: 0)
  }

  @Test func whatHappenedIsWrittenInItsOrder() async throws {
    let ledgers = try Ledgers()
    let decisions = try ledgers.open().decisions
    decisions.record(.opened(.camera))
    decisions.admitted(Ledgers.person, ClassMask(.video))
    decisions.cut(Ledgers.person)
    decisions.closed(.camera, .denied)
    #expect(await decisions.flush())
    let entries = try records(ledgers)
    #expect(entries.count == 4)
    #expect(entries.first == .opened(.camera))
    #expect(entries.last == .closed(.camera, .denied))
    #expect(decisions.counters.written == 4)
  }

  @Test func denialsAreCountedAndToldWhenTheSensorCloses() async throws {
    let ledgers = try Ledgers()
    let decisions = try ledgers.open().decisions
    for _ in 0..<1000 { decisions.denied(denial) }
    await decisions.flush()
    #expect(try records(ledgers).isEmpty, "a minute has not passed")
    decisions.closed(.microphone, .denied)
    await decisions.flush()
    guard case .denials(_, let rows) = try records(ledgers).first else {
      Issue.record("the denials come before the closing")
      return
    }
    #expect(rows.map(\.count) == [1000])
    #expect(rows.first?.flag == "sensor.microphone")
    #expect(rows.first?.point == "E2")
    #expect(rows.first?.layer == denial.layer?.rawValue)
  }

  @Test func whatFindsNoRoomIsFoldedIntoANumber() {
    var queue = DecisionQueue(capacity: 3)
    for number in 1...10 { queue.put(.record(.clipRecorded(UInt64(number)), at: 1)) }
    #expect(queue.count == 3)
    #expect(queue.folded == 7)
    let first = queue.next(3, at: 1)
    #expect(first.count == 2, "there is one more before what was folded")
    queue.remove(first)
    let second = queue.next(3, at: 1)
    #expect(second.count == 2)
    #expect(second.last == .record(.folded(7), at: 1))
    queue.remove(second)
    #expect(queue.isEmpty)
  }

  @Test func whatIsFoldedWhileItIsWrittenIsNotLost() {
    var queue = DecisionQueue(capacity: 1)
    for _ in 0..<3 { queue.put(.record(.began, at: 1)) }
    let taken = queue.next(8, at: 1)
    queue.put(.record(.began, at: 2))
    queue.remove(taken)
    #expect(queue.next(8, at: 1) == [.record(.folded(1), at: 1)])
  }

  @Test func whatComesWhileSomethingIsWrittenWaitsForItsTurn() {
    var queue = DecisionQueue(capacity: 2)
    for _ in 0..<3 { queue.put(.record(.began, at: 1)) }
    queue.remove(queue.next(2, at: 1))
    let taken = queue.next(8, at: 1)
    #expect(taken == [.record(.began, at: 1), .record(.folded(1), at: 1)])
    queue.put(.record(.ended, at: 2))
    queue.remove(taken)
    #expect(queue.next(8, at: 1) == [.record(.ended, at: 2)])
  }

  @Test func aDiskThatFailsIsToldOfAndNothingIsForgotten() async throws {
    let ledgers = try Ledgers()
    let decisions = try ledgers.open().decisions
    try DurableFile.write([], to: ledgers.paths.ledgers)
    decisions.record(.opened(.camera))
    #expect(await !decisions.flush())
    #expect(decisions.counters.failures == 1)
    try DurableFile.remove(ledgers.paths.ledgers)
    #expect(await decisions.flush())
    #expect(try records(ledgers) == [.opened(.camera)])
  }

  @Test func anEndIsWrittenLast() async throws {
    let ledgers = try Ledgers()
    let decisions = try ledgers.open().decisions
    decisions.denied(denial)
    let group = ServiceGroup(configuration: .init(services: [decisions], logger: Ledgers.logger))
    async let running: Void = group.run()
    while decisions.counters.written == 0 { await Task.yield() }
    await group.triggerGracefulShutdown()
    try await running
    let entries = try records(ledgers)
    #expect(entries.first == .began)
    #expect(entries.last == .ended)
    #expect(entries.count == 3, "the denials are told before the end")
    #expect(try ledgers.verify(.decisions).entries == 3)
  }
}
