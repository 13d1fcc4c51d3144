import Foundation
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Synchronization
import Testing

@Suite struct ClipUploaderTests {
  /// A permission that a test gives and takes.
  private final class Permission: Sendable {
    let changes = Published<UInt64>(0)
    private let state: Mutex<(base: Bool, classes: ClassMask)>

    init(_ isGiven: Bool) { state = Mutex((isGiven, .all)) }

    func gives(_ classes: ClassMask) -> Bool { state.withLock { $0.base && $0.classes.isSuperset(of: classes) } }

    func set(_ isGiven: Bool) {
      state.withLock { $0.base = isGiven }
      changes.update { $0 += 1 }
    }

    func set(_ classes: ClassMask) {
      state.withLock { $0.classes = classes }
      changes.update { $0 += 1 }
    }
  }

  private func recorded(_ count: Int, after: RecordSettings.AfterUpload = .keep) async throws -> RecordBench {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    settings.afterUpload = after
    let bench = try RecordBench(settings)
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: count * 2)
    }
    return bench
  }

  /// Runs an uploader around `body`.
  private func run(
    _ bench: RecordBench, _ store: FakeStore, _ permission: Permission,
    guarding: UploadGuard? = nil, _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    var parts = ClipUploader.Parts(
      spool: bench.recorder.spool, store: store, key: bench.identity.publicKey, changes: permission.changes,
      mayUpload: {
        store.state.update { $0.asked += 1 }
        return permission.gives($0)
      }, logger: RecordBench.quiet)
    parts.guarding = guarding
    let uploader = ClipUploader(parts: parts, backoff: Backoff(first: .milliseconds(1), cap: .milliseconds(5)))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await uploader.run() }
      defer { group.cancelAll() }
      try await body()
    }
  }

  @Test(.timeLimit(.minutes(10))) func clipsGoInTheirOrderTheRecordFirst() async throws {
    let bench = try await recorded(3)
    let store = FakeStore()
    try await run(bench, store, Permission(true)) {
      #expect(await store.state.wait { $0.stored.count == 3 })
    }
    #expect(store.state.value.order == [1, 2, 3])
    for clip in bench.clips {
      let file = try #require(try DurableFile.read(clip.path))
      let sent = try #require(store.state.value.stored[clip.number])
      var parser = WireItemParser()
      parser.append(sent)
      let first = try #require(try parser.next())
      #expect(first.kind == .clip)
      #expect(sent == first.bytes + file.dropLast(first.bytes.count))
      #expect(Array(file.suffix(first.bytes.count)) == first.bytes)
    }
  }

  @Test(.timeLimit(.minutes(10))) func withoutPermissionNothingLeaves() async throws {
    let bench = try await recorded(1)
    let store = FakeStore()
    let permission = Permission(false)
    try await run(bench, store, permission) {
      #expect(await store.state.wait { $0.asked > 0 })
      #expect(store.state.value.begun == 0)
      permission.set(true)
      #expect(await store.state.wait { $0.stored.count == 1 })
    }
  }

  @Test(.timeLimit(.minutes(10))) func aClipThatCannotBeReadGoesOnlyWhereAllOfItMight() async throws {
    let bench = try await recorded(1)
    let path = try #require(bench.clips.first).path
    try FileManager.default.moveItem(atPath: path, toPath: "\(path).kept")
    let store = FakeStore()
    let permission = Permission(true)
    permission.set(ClassMask(.video))
    try await run(bench, store, permission) {
      let asked = store.state.value.asked
      #expect(await store.state.wait { $0.asked > asked + 1 })
      permission.set(ClassMask(classes: [.video, .photo]))
      #expect(await store.state.wait { $0.asked > asked + 3 })
      try FileManager.default.moveItem(atPath: "\(path).kept", toPath: path)
      #expect(store.state.value.begun == 0)
      permission.set(ClassMask(classes: [.video, .audio, .photo]))
      #expect(await store.state.wait { $0.stored.count == 1 })
    }
  }

  @Test(.timeLimit(.minutes(10))) func anUploadUnderWayEndsWithThePermission() async throws {
    let bench = try await recorded(1)
    let store = FakeStore()
    store.state.update { $0.hangs = true }
    let permission = Permission(true)
    try await run(bench, store, permission) {
      #expect(await store.state.wait { $0.begun == 1 })
      permission.set(false)
      #expect(await store.state.wait { $0.cancelled == 1 })
      #expect(store.state.value.stored.isEmpty)
      store.state.update { $0.hangs = false }
      permission.set(true)
      #expect(await store.state.wait { $0.stored.count == 1 })
    }
  }

  /// Two clips of sound alone, then two with pictures.
  private func mixed(_ change: (inout RecordSettings) -> Void = { _ in }) async throws -> RecordBench {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    change(&settings)
    let bench = try RecordBench(settings)
    try await bench.run { bench in
      try bench.beginEpoch()
      for _ in 0..<24 {
        try bench.sound()
        bench.clock.pass(200_000_000)
      }
      try bench.desk.pause()
      bench.clock.pass(11_000_000_000)
      bench.recorder.tick()
      try bench.film(seconds: 4)
    }
    return bench
  }

  @Test(.timeLimit(.minutes(10))) func aClipThatMayNotGoIsPassedOverAndGoesWhenItMay() async throws {
    let bench = try await mixed()
    let pictures = Set(try bench.clips.map(\.number).filter { try !bench.clip($0).of(.video).isEmpty })
    let all = Set(bench.clips.map(\.number))
    #expect(!pictures.isEmpty && pictures != all)
    let store = FakeStore()
    let permission = Permission(true)
    permission.set(ClassMask.all.subtracting(ClassMask(.audio)))
    try await run(bench, store, permission) {
      // All have sound, so nothing goes; then all but pictures, then the rest.
      #expect(await store.state.wait { $0.asked > all.count })
      #expect(store.state.value.begun == 0)
      permission.set(ClassMask.all.subtracting(ClassMask(.video)))
      #expect(await store.state.wait { Set($0.stored.keys) == all.subtracting(pictures) })
      permission.set(.all)
      #expect(await store.state.wait { Set($0.stored.keys) == all })
    }
  }

  @Test(.timeLimit(.minutes(10)), arguments: [MediaClass.video, .audio])
  func anUploadUnderWayEndsWithTheSensorsPermission(media: MediaClass) async throws {
    let bench = try await recorded(1)
    let store = FakeStore()
    store.state.update { $0.hangs = true }
    let permission = Permission(true)
    try await run(bench, store, permission) {
      #expect(await store.state.wait { $0.begun == 1 })
      permission.set(ClassMask.all.subtracting(ClassMask(media)))
      #expect(await store.state.wait { $0.cancelled == 1 })
      #expect(store.state.value.stored.isEmpty)
    }
    #expect(bench.clips.count == 1, "it stays")
  }

  /// The gate as the agent has it: each flag that a clip's upload rests on ends it.
  @Test(arguments: [Flag.sensorCamera, .sensorMicrophone, .recordLocal, .recordCloud])
  func eachFlagBehindAClipDeniesItsUpload(flag: Flag) throws {
    let flags = RecordBench.flags.union([.recordCloud])
    let standing = Published(Bench.standing(flags))
    let surroundings = Surroundings()
    let gate = Gate(standing: standing, surroundings: surroundings)
    let classes: ClassMask = [ClassMask(.video), ClassMask(.audio), ClassMask(.photo)]
    #expect(gate.mayUpload(classes))
    // A sensor that is unplugged since is no reason to keep back what it recorded; its kill switch is.
    surroundings.set(.missing, of: .sensorCamera, to: true)
    #expect(gate.mayUpload(classes))
    surroundings.set(.killSwitch, of: .sensorCamera, to: true)
    #expect(!gate.mayUpload(classes) && gate.mayUpload(ClassMask(.audio)))
    surroundings.set(.killSwitch, of: .sensorCamera, to: false)
    standing.set(Bench.standing(flags.subtracting([flag])))
    #expect(!gate.mayUpload(classes))
    #expect(gate.mayUpload([]) == [.sensorCamera, .sensorMicrophone].contains(flag))
  }

  @Test(.timeLimit(.minutes(10)), arguments: [RecordSettings.QueueWithdrawal.keep, .delete])
  func whatWaitedWhenItsUploadWasWithdrawnStaysOrGoesAsSet(_ wish: RecordSettings.QueueWithdrawal) async throws {
    let bench = try await mixed { $0.queuedOnWithdraw = wish }
    let pictures = Set(try bench.clips.map(\.number).filter { try !bench.clip($0).of(.video).isEmpty })
    let all = Set(bench.clips.map(\.number))
    let permission = Permission(true)
    let guarding = UploadGuard(spool: bench.recorder.spool) { permission.gives($0) }
    // Withdrawn and allowed again before anybody looked: it was withdrawn all the same.
    permission.set(ClassMask.all.subtracting(ClassMask(.video)))
    guarding.refresh()
    permission.set(.all)
    guarding.refresh()
    let store = FakeStore()
    let stay = wish == .keep ? all : all.subtracting(pictures)
    try await run(bench, store, permission, guarding: guarding) {
      #expect(await store.state.wait { Set($0.stored.keys) == stay })
    }
    #expect(Set(bench.clips.map(\.number)) == stay)
    for number in all.subtracting(stay) { #expect(bench.recorder.spool.absence(of: number) == .withdrawn) }
  }

  @Test(.timeLimit(.minutes(10))) func whatBeganBeforeThePermissionStaysUntilSomebodyReleasesIt() async throws {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    let bench = try RecordBench(settings)
    bench.recorder.allowed(upload: false)
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 3)
      // Clip 2 is open: it began before, and stays whole.
      bench.recorder.allowed(upload: true)
      try bench.film(seconds: 5)
      // Clip 4 is open, and what it holds from now on nobody allowed.
      bench.recorder.allowed(upload: false)
      bench.recorder.allowed(upload: true)
      try bench.film(seconds: 2)
    }
    #expect(bench.clips.map(\.number) == [1, 2, 3, 4, 5])
    let again = try Spool(
      folder: "\(bench.folder)/spool", identity: bench.identity, settings: settings, report: Published(RecorderState()))
    try again.heal()
    #expect(again.waiting.map(\.number) == [3, 5], "a restart knows it")
    let store = FakeStore()
    try await run(bench, store, Permission(true)) {
      #expect(await store.state.wait { Set($0.stored.keys) == [3, 5] })
      #expect(throws: AgentError(.policy, "", advice: "")) { try bench.recorder.spool.release([9]) }
      try bench.recorder.spool.release([2])
      #expect(await store.state.wait { Set($0.stored.keys) == [2, 3, 5] })
      try bench.recorder.spool.release(nil)
      #expect(await store.state.wait { Set($0.stored.keys) == [1, 2, 3, 4, 5] })
    }
  }

  @Test(.timeLimit(.minutes(10))) func aPreRollFromBeforeThePermissionKeepsTheClipHere() async throws {
    let bench = try RecordBench()
    bench.recorder.allowed(upload: false)
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 4)
      bench.recorder.allowed(upload: true)
      bench.recorder.trigger(.motion)
      try bench.film(seconds: 1)
    }
    #expect(bench.clips.map(\.number) == [1])
    #expect(bench.recorder.spool.waiting.isEmpty)
  }

  @Test(.timeLimit(.minutes(10))) func earlierClipsGoWhereTheOwnerSetIt() async throws {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.uploadEarlier = true
    let bench = try RecordBench(settings)
    bench.recorder.allowed(upload: false)
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 1)
    }
    let store = FakeStore()
    try await run(bench, store, Permission(true)) { #expect(await store.state.wait { $0.stored.count == 1 }) }
  }

  @Test(.timeLimit(.minutes(10))) func aFailureIsTriedAgain() async throws {
    let bench = try await recorded(2)
    let store = FakeStore()
    store.state.update { $0.failures = 4 }
    try await run(bench, store, Permission(true)) {
      #expect(await store.state.wait { $0.stored.count == 2 })
    }
    #expect(store.state.value.begun == 6)
  }

  @Test(.timeLimit(.minutes(10))) func whatTheStoreRefusesHoldsUpNothingElse() async throws {
    let bench = try await recorded(3)
    let store = FakeStore()
    store.state.update { $0.refused = [1, 2] }
    try await run(bench, store, Permission(true)) {
      #expect(await store.state.wait { $0.stored.count == 1 })
    }
    #expect(store.state.value.order == [3])
    #expect(store.state.value.begun == 3)
  }

  @Test(.timeLimit(.minutes(10))) func aClipIsUploadedOnceAcrossARestart() async throws {
    let bench = try await recorded(2)
    let store = FakeStore()
    try await run(bench, store, Permission(true)) {
      #expect(await bench.recorder.report.wait { $0.newestUpload == 2 })
    }
    let again = try Spool(
      folder: "\(bench.folder)/spool", identity: bench.identity, settings: RecordSettings(),
      report: Published(RecorderState()))
    #expect(again.isUploaded(1) && again.isUploaded(2))
  }

  @Test(.timeLimit(.minutes(10))) func theCopyGoesOnlyAfterItIsStored() async throws {
    let bench = try await recorded(2, after: .delete)
    let store = FakeStore()
    try await run(bench, store, Permission(true)) {
      #expect(await bench.recorder.report.wait { $0.clips == 0 })
    }
    #expect(store.state.value.order == [1, 2])
    #expect(bench.recorder.spool.absence(of: 1) == .uploaded)
  }
}
