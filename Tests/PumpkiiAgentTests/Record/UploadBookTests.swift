import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

/// What is counted and kept of the clips' way to the relay.
@Suite(.timeLimit(.minutes(1))) struct UploadBookTests {
  /// An agent's gate, and what is counted by it.
  private final class Bench: Sendable {
    static let flags = RecordBench.flags.union([.recordCloud])
    let standing = Published(PumpkiiAgentTests.Bench.standing(flags))
    let gate: Gate
    let store = FakeStore()
    let heard = Published<[String]>([])
    let denials: Denials
    let record: RecordBench
    let changes = Published<UInt64>(0)

    init(_ record: RecordBench) {
      self.record = record
      gate = Gate(standing: standing)
      denials = Denials { [heard] decision in
        heard.update { $0.append("\(decision.point.rawValue) \(decision.flag.rawValue)") }
      }
    }

    func allow(_ flags: Set<Flag>) {
      standing.set(PumpkiiAgentTests.Bench.standing(flags))
      changes.update { $0 += 1 }
    }

    func book(highest: UInt64 = 0) -> UploadBook { UploadBook(highest: highest) { [denials] in denials.add($0) } }

    func parts(_ book: UploadBook) -> ClipUploader.Parts {
      var parts = ClipUploader.Parts(
        spool: record.recorder.spool, store: store, key: record.identity.publicKey, changes: changes,
        mayUpload: { [self] in
          store.state.update { $0.asked += 1 }
          return gate.mayUpload($0)
        }, logger: RecordBench.quiet)
      parts.denial = { [gate] in gate.uploadDenial($0) }
      parts.book = book
      return parts
    }

    /// Runs an uploader around `body`.
    func run(_ parts: ClipUploader.Parts, _ body: @escaping @Sendable () async throws -> Void) async throws {
      let uploader = ClipUploader(parts: parts, backoff: Backoff(first: .milliseconds(1), cap: .milliseconds(5)))
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await uploader.run() }
        defer { group.cancelAll() }
        try await body()
      }
    }

    /// Returns when the uploader has looked at everything again.
    func look() async {
      let asked = store.state.value.asked
      changes.update { $0 += 1 }
      _ = await store.state.wait { $0.asked > asked }
    }

    func begun(_ count: Int) async { #expect(await store.state.wait { $0.begun == count }) }
  }

  private func recorded(
    _ count: Int, _ change: (inout RecordSettings) -> Void = { _ in }
  ) async throws -> Bench {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    change(&settings)
    let record = try RecordBench(settings)
    try await record.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: count * 2)
    }
    return Bench(record)
  }

  @Test(arguments: [Flag.recordCloud, .recordLocal, .sensorCamera, .sensorMicrophone])
  func anUploadThatAWithdrawalCutIsOneDenialAtE7(flag: Flag) async throws {
    let bench = try await recorded(1)
    bench.store.state.update { $0.hangs = true }
    try await bench.run(bench.parts(bench.book())) {
      await bench.begun(1)
      bench.allow(Bench.flags.subtracting([flag]))
      #expect(await bench.store.state.wait { $0.cancelled == 1 })
      #expect(await bench.heard.wait { !$0.isEmpty })
      // That it waits from now on is the same denial.
      for _ in 0..<3 { await bench.look() }
      #expect(bench.heard.value == ["E7 \(flag.rawValue)"])
      // Allowed again and cut again: that is another.
      bench.allow(Bench.flags)
      await bench.begun(2)
      bench.allow(Bench.flags.subtracting([flag]))
      #expect(await bench.heard.wait { $0.count == 2 })
    }
    #expect(bench.denials.byFlag == [flag.rawValue: 2])
  }

  @Test func theEndOfTheAgentIsNoDenial() async throws {
    let bench = try await recorded(1)
    bench.store.state.update { $0.hangs = true }
    try await bench.run(bench.parts(bench.book())) { await bench.begun(1) }
    #expect(bench.heard.value.isEmpty)
  }

  @Test func whatWaitsIsOneDenialAClipAndWhatWaitedBeforeTheStartIsNone() async throws {
    let bench = try await recorded(3)
    bench.allow(Bench.flags.subtracting([.recordCloud]))
    let book = bench.book(highest: 1)
    // Who watches finished clips, and who looks for some to upload, both tell.
    let denial = try #require(bench.gate.uploadDenial([]))
    for _ in 0..<2 { book.denied(2, denial) }
    try await bench.run(bench.parts(book)) {
      #expect(await bench.heard.wait { $0.count == 2 })
      for _ in 0..<3 { await bench.look() }
    }
    #expect(bench.heard.value == ["E7 record.cloud", "E7 record.cloud"])
    #expect(book.trouble(of: 1) == .denied(denial))
  }

  @Test func aClipThatNeverArrivesHoldsUpNoOther() async throws {
    let bench = try await recorded(3)
    bench.store.state.update { $0.broken = [1] }
    let book = bench.book()
    try await bench.run(bench.parts(book)) {
      #expect(await bench.store.state.wait { $0.stored.count == 2 })
      guard case .failed? = book.trouble(of: 1) else {
        Issue.record("clip 1 is in no trouble")
        return
      }
      bench.store.state.update { $0.broken = [] }
      #expect(await bench.store.state.wait { $0.stored.count == 3 })
    }
    #expect(bench.store.state.value.order == [2, 3, 1])
  }

  @Test func whatTheRelayRefusedIsAskedAnewWhenSomebodyReleasesIt() async throws {
    let bench = try await recorded(1)
    bench.store.state.update { $0.refused = [1] }
    let book = bench.book()
    var parts = bench.parts(book)
    parts.changes = book.changes
    try await bench.run(parts) {
      while book.trouble(of: 1) == nil { await Task.yield() }
      bench.store.state.update { $0.refused = [] }
      let asked = bench.store.state.value.asked
      book.again([2])
      #expect(await bench.store.state.wait { $0.asked > asked })
      #expect(bench.store.state.value.begun == 1)
      book.again([1])
      #expect(await bench.store.state.wait { $0.stored.count == 1 })
    }
  }

  @Test func whatIsWithdrawnGoesAtOnceThoughAnotherUploadHangs() async throws {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    settings.queuedOnWithdraw = .delete
    let record = try RecordBench(settings)
    try await record.run { bench in
      try bench.beginEpoch()
      // A clip of sound alone, then one with pictures.
      for _ in 0..<24 {
        try bench.sound()
        bench.clock.pass(200_000_000)
      }
      try bench.desk.pause()
      bench.clock.pass(11_000_000_000)
      bench.recorder.tick()
      try bench.film(seconds: 2)
    }
    let pictures = Set(try record.clips.map(\.number).filter { try !record.clip($0).of(.video).isEmpty })
    let bench = Bench(record)
    bench.store.state.update { $0.hangs = true }
    var parts = bench.parts(bench.book())
    let guarding = UploadGuard(spool: record.recorder.spool) { [gate = bench.gate] in gate.isUploadGranted($0) }
    parts.guarding = guarding
    try await bench.run(parts) {
      await bench.begun(1)
      bench.standing.set(PumpkiiAgentTests.Bench.standing(Bench.flags.subtracting([.sensorCamera])))
      guarding.refresh()
      bench.changes.update { $0 += 1 }
      #expect(
        await record.recorder.report.wait { _ in Set(record.clips.map(\.number)).isDisjoint(with: pictures) })
      #expect(bench.store.state.value.cancelled == 0, "the other goes on")
    }
  }
}
