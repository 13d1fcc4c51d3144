import Foundation
import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import ServiceLifecycle
import Synchronization
import Testing

/// What was denied is counted where it was asked, and heard of by the log.
@Suite(.timeLimit(.minutes(10))) struct DenialsTests {
  private func row(_ denials: Denials, _ point: Point, _ flag: Flag) -> UInt64 {
    denials.counts.first { $0.key.point == point && $0.key.flag == flag }?.value ?? 0
  }

  @Test func `each denial is counted by point and flag, and an answer that allows is none`() {
    let said = Trace()
    let denials = Denials { said.add($0.point.rawValue) }
    let gate = Bench(allowed: [.notifySystem]).gate
    for _ in 0..<3 { denials.add(gate.denial(.upload, .recordCloud, for: .support)) }
    denials.add(gate.denial(.showLocally, .sensorCamera))
    denials.add(gate.denial(.notify, .notifySystem, for: .support))
    #expect(row(denials, .upload, .recordCloud) == 3 && row(denials, .showLocally, .sensorCamera) == 1)
    #expect(denials.byFlag == ["record.cloud": 3, "sensor.camera": 1])
    #expect(said.all == ["E7", "E7", "E7", "E12"])
  }

  @Test func `what is always wanted counts once for each denial of it`() {
    let (denials, bench) = (Denials(), Bench(allowed: [.sensorCamera, .sensorMicrophone, .recordLocal]))
    for allowed: Set<Flag> in [[.sensorCamera, .sensorMicrophone], [.sensorMicrophone], [.sensorMicrophone]] {
      denials.follow(bench.gate)
      bench.standing.set(Bench.standing(allowed))
      denials.follow(bench.gate)
    }
    bench.standing.set(Bench.standing([.sensorCamera, .sensorMicrophone, .recordLocal]))
    denials.follow(bench.gate)
    bench.standing.set(Bench.standing([.sensorMicrophone]))
    denials.follow(bench.gate)
    #expect(row(denials, .record, .recordLocal) == 2 && row(denials, .keepQueue, .recordLocal) == 2)
    #expect(row(denials, .keepQueue, .sensorCamera) == 2 && row(denials, .keepQueue, .sensorMicrophone) == 0)
  }

  @Test func `what is always wanted counts again when another layer denies it`() {
    let layers = Trace()
    let denials = Denials { if $0.point == .record { layers.add($0.layer?.rawValue ?? "") } }
    let bench = Bench(allowed: [.recordLocal])
    var scheduled = Bench.standing([.recordLocal])
    scheduled.facts.owner?.schedule = NoonZone.schedule(of: [.recordLocal], minutes: 0..<1)
    let (denied, allowed) = (Bench.standing([]), Bench.standing([.recordLocal]))
    for standing in [scheduled, denied, denied, scheduled, allowed, scheduled] {
      bench.standing.set(standing)
      denials.follow(bench.gate)
    }
    #expect(layers.all == ["schedule", "owner", "schedule", "schedule"])
  }

  @Test func `a sensor that is gone is said and denied to nobody`() {
    let (bench, surroundings) = (Bench(allowed: [.sensorCamera, .sensorMicrophone]), Surroundings())
    let gate = Gate(standing: bench.standing, surroundings: surroundings)
    let woken = Trace()
    surroundings.onChange { woken.add("woken") }
    surroundings.setAbsent(.sensorCamera, true)
    #expect(gate.denial(.openSensor, .sensorCamera) == nil && woken.all.isEmpty)
    let request = Request(point: .openSensor, flag: .sensorCamera)
    #expect(decide(request, facts: gate.factsForPeople, now: 0).reason.contains("no camera is there"))
    surroundings.setAbsent(.sensorCamera, false)
    #expect(decide(request, facts: gate.factsForPeople, now: 0).allowed)
  }

  @Test func `each failure is heard of, and which are news`() {
    let heard = Mutex<[Bool]>([])
    var listener = SensorReport.Listener()
    listener.failed = { _, code, isNews in heard.withLock { $0.append(isNews && code == .gone) } }
    let report = SensorReport(
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, ledger: nil, profile: "test", listener: listener)
    let camera = SensorIdentity(kind: .camera, id: "1", name: "Mine")
    for _ in 0..<2 { report.failed(camera, CaptureError(.gone, "unplugged", advice: "Plug it in.")) }
    #expect(heard.withLock { $0 } == [true, false])
  }

  @Test func `each clip that is finished is told of once, and none from before`() async throws {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    let bench = try RecordBench(settings)
    try bench.beginEpoch()
    let told = Trace()
    try await bench.run { bench in
      let watch = ClipWatch(recorder: bench.recorder) { told.add("clip \($0)") }
      try await Self.run(watch) {
        try bench.film(seconds: 7)
        while told.all.isEmpty { await Task.yield() }
      }
    }
    #expect((1...bench.clips.count).contains(told.all.count) && Set(told.all).count == told.all.count)
    let later = try Recorder(
      folder: "\(bench.folder)/spool", identity: bench.identity, settings: settings, logger: RecordBench.quiet)
    try later.spool.heal()
    #expect(later.spool.clips.count > 1)
    let again = Trace()
    try await Self.run(ClipWatch(recorder: later) { again.add("clip \($0)") }) {
      for _ in 0..<1000 { await Task.yield() }
    }
    #expect(again.all.isEmpty)
  }

  private static func run(_ service: any Service, _ body: @escaping @Sendable () async throws -> Void) async throws {
    let group = ServiceGroup(services: [service], logger: RecordBench.quiet)
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      try await body()
      await group.triggerGracefulShutdown()
      try await tasks.waitForAll()
    }
  }

  @Test func `a guest who is admitted is told of, once, and not after a pause`() async throws {
    let told = Trace()
    let house = try Household { $0.admitted = { told.add("viewer") } }
    let guest = try Person()
    try await house.allow([.sensorCamera, .shareVideo], version: 1)
    let before = told.all.count
    try await house.keeper.take(
      chain: EntryList.encode(guest.chain.entries), sealingKeys: EntryList.encode([guest.announcement]))
    #expect(told.all.count == before)
    try await house.apply(
      .grant(
        RosterOperation.Grant(
          account: guest.chain.id, accountVersion: guest.chain.version, accountHead: guest.chain.head,
          classes: ClassMask(.video))), knowing: [guest])
    _ = await house.keeper.refreshStanding()
    #expect(told.all.count == before + 1)
    try await house.keeper.pauseOnBoard()
    try await house.keeper.resumeOnBoard()
    _ = await house.keeper.refreshStanding()
    #expect(told.all.count == before + 1)
  }
}
