import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Synchronization
import Testing

/// A store that can be slow, broken, or choosy.
private final class FakeStore: ClipStore {
  struct State: Sendable {
    var stored: [UInt64: [UInt8]] = [:]
    var failures = 0
    var refused: Set<UInt64> = []
    var hangs = false
    var cancelled = 0
    var begun = 0
    var order: [UInt64] = []
    var asked = 0
  }
  let state = Published(State())

  func put(_ number: UInt64, _ body: FileBody) async throws(TransportError) {
    state.update { $0.begun += 1 }
    if state.value.hangs {
      guard await state.wait(until: { !$0.hangs }) else {
        state.update { $0.cancelled += 1 }
        throw TransportError(.cancelled, "cancelled")
      }
    }
    let fails = state.update { state in
      defer { state.failures = max(state.failures - 1, 0) }
      return state.failures > 0
    }
    if fails { throw TransportError(.closed, "as the test wants it") }
    if state.value.refused.contains(number) { throw TransportError(.refused, "no", status: 410) }
    do {
      var bytes: [UInt8] = []
      for try await piece in body { bytes += piece }
      let whole = bytes
      state.update { state in
        state.stored[number] = whole
        state.order.append(number)
      }
    } catch { throw TransportError(.closed, "\(error)") }
  }
}

@Suite struct ClipUploaderTests {
  /// A permission that a test gives and takes.
  private final class Permission: Sendable {
    let changes = Published<UInt64>(0)
    private let state: Mutex<Bool>

    init(_ isGiven: Bool) { state = Mutex(isGiven) }

    var isGiven: Bool { state.withLock { $0 } }

    func set(_ isGiven: Bool) {
      state.withLock { $0 = isGiven }
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
    _ body: @escaping @Sendable () async throws -> Void
  ) async throws {
    let uploader = ClipUploader(
      parts: ClipUploader.Parts(
        spool: bench.recorder.spool, store: store, key: bench.identity.publicKey, changes: permission.changes,
        mayUpload: {
          store.state.update { $0.asked += 1 }
          return permission.isGiven
        }, logger: RecordBench.quiet),
      backoff: Backoff(first: .milliseconds(1), cap: .milliseconds(5)))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await uploader.run() }
      defer { group.cancelAll() }
      try await body()
    }
  }

  @Test(.timeLimit(.minutes(1))) func clipsGoInTheirOrderTheRecordFirst() async throws {
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

  @Test(.timeLimit(.minutes(1))) func withoutPermissionNothingLeaves() async throws {
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

  @Test(.timeLimit(.minutes(1))) func anUploadUnderWayEndsWithThePermission() async throws {
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

  @Test(.timeLimit(.minutes(1))) func aFailureIsTriedAgain() async throws {
    let bench = try await recorded(2)
    let store = FakeStore()
    store.state.update { $0.failures = 4 }
    try await run(bench, store, Permission(true)) {
      #expect(await store.state.wait { $0.stored.count == 2 })
    }
    #expect(store.state.value.begun == 6)
  }

  @Test(.timeLimit(.minutes(1))) func whatTheStoreRefusesHoldsUpNothingElse() async throws {
    let bench = try await recorded(3)
    let store = FakeStore()
    store.state.update { $0.refused = [1, 2] }
    try await run(bench, store, Permission(true)) {
      #expect(await store.state.wait { $0.stored.count == 1 })
    }
    #expect(store.state.value.order == [3])
    #expect(store.state.value.begun == 3)
  }

  @Test(.timeLimit(.minutes(1))) func aClipIsUploadedOnceAcrossARestart() async throws {
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

  @Test(.timeLimit(.minutes(1))) func theCopyGoesOnlyAfterItIsStored() async throws {
    let bench = try await recorded(2, after: .delete)
    let store = FakeStore()
    try await run(bench, store, Permission(true)) {
      #expect(await bench.recorder.report.wait { $0.clips == 0 })
    }
    #expect(store.state.value.order == [1, 2])
    #expect(bench.recorder.spool.absence(of: 1) == .uploaded)
  }
}
