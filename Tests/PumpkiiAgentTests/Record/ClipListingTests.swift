import Foundation
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

/// Of each clip it is said why it is on the device only, and what to do.
@Suite(.timeLimit(.minutes(1))) struct ClipListingTests {
  /// Clips 1 and 2 from before the relay might have any, 3 and 4 from after.
  private func recorded() async throws -> RecordBench {
    var settings = RecordSettings()
    settings.mode = .continuous
    settings.maxClipSeconds = 2
    let bench = try RecordBench(settings)
    bench.recorder.allowed(upload: false)
    try await bench.run { bench in
      try bench.beginEpoch()
      try bench.film(seconds: 3)
      bench.recorder.allowed(upload: true)
      try bench.film(seconds: 5)
    }
    return bench
  }

  private func way(_ denial: Decision? = nil, hasRelay: Bool = true, isRunning: Bool = true) -> Spool.Way {
    Spool.Way(hasRelay: hasRelay, isRunning: isRunning, denial: denial)
  }

  @Test func whatIsHereOnlySaysWhyAndWhatToDo() async throws {
    let bench = try await recorded()
    let spool = bench.recorder.spool
    let listing = spool.listing(way(), UploadBook())
    #expect(listing.clips.map(\.number) == [1, 2, 3, 4] && listing.gone.isEmpty)
    #expect(listing.clips.map(\.state) == [.earlier, .earlier, .waits, .waits])
    #expect(listing.clips[0].why?.contains("pumpkii clips upload 1 --board FOLDER") == true)
    let denial = try #require(Gate(standing: Published(PumpkiiAgentTests.Bench.standing([]))).uploadDenial([]))
    let denied = spool.listing(way(denial), UploadBook()).clips
    #expect(denied.map(\.state) == [.earlier, .earlier, .denied, .denied])
    #expect(denied[2].why == denial.reason && denial.reason.contains("record.cloud"))
    #expect(Set(spool.listing(way(hasRelay: false), UploadBook()).clips.map(\.state)) == [.local])
    let still = spool.listing(way(isRunning: false), UploadBook()).clips[2]
    #expect(still.state == .waits && still.why?.contains("not running") == true)
    try spool.release([1])
    #expect(spool.listing(way(), UploadBook()).clips[0].state == .waits)
  }

  @Test func whatBecameOfAnUploadIsSaid() async throws {
    let bench = try await recorded()
    let store = FakeStore()
    store.state.update {
      $0.refused = [3]
      $0.broken = [4]
    }
    let book = UploadBook()
    var parts = ClipUploader.Parts(
      spool: bench.recorder.spool, store: store, key: bench.identity.publicKey, changes: book.changes,
      mayUpload: { _ in true }, logger: RecordBench.quiet)
    parts.book = book
    let uploader = ClipUploader(parts: parts, backoff: .init(first: .milliseconds(1), cap: .milliseconds(5)))
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await uploader.run() }
      defer { group.cancelAll() }
      #expect(await store.state.wait { $0.begun >= 3 })
      let clips = bench.recorder.spool.listing(way(), book).clips
      #expect(clips.map(\.state) == [.earlier, .earlier, .refused, .failed])
      #expect(clips[2].why?.contains("clips upload 3 --board FOLDER asks again") == true)
      store.state.update { $0.broken = [] }
      #expect(await bench.recorder.report.wait { $0.newestUpload == 4 })
      #expect(bench.recorder.spool.listing(way(), book).clips[3].state == .stored)
    }
  }

  @Test func whatIsGoneIsSaidWithWhetherTheRelayHadIt() async throws {
    let bench = try await recorded()
    let store = FakeStore()
    let parts = ClipUploader.Parts(
      spool: bench.recorder.spool, store: store, key: bench.identity.publicKey, changes: Published(0),
      mayUpload: { _ in true }, logger: RecordBench.quiet)
    await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await ClipUploader(parts: parts).run() }
      defer { group.cancelAll() }
      #expect(await bench.recorder.report.wait { $0.newestUpload == 4 })
    }
    for number in 1...4 as ClosedRange<UInt64> { try bench.recorder.spool.remove(number, .bytes) }
    let listing = bench.recorder.spool.listing(way(), UploadBook())
    let words = ClipIndex.Reason.bytes.words
    #expect(
      listing.gone == [
        ClipListing.Gone(first: 1, last: 2, why: words, wasStored: false),
        ClipListing.Gone(first: 3, last: 4, why: words, wasStored: true),
      ])
    #expect(listing.clips.isEmpty)
    var status = BoardStatus()
    bench.recorder.describe(into: &status, hasRelay: true)
    #expect(status.counters["clips_removed_unsent"] == nil, "1 and 2 were not on their way")
    #expect(status.counters["clips_removed_bytes"] == 4)
  }

  @Test func theStatusCountsWhatStaysHere() async throws {
    let bench = try await recorded()
    var status = BoardStatus()
    bench.recorder.describe(into: &status, hasRelay: true)
    #expect(
      status.counters["clips_kept_here"] == 2 && status.counters["clips_waiting"] == 2
        && status.counters["clips_stored"] == 0)
    var local = BoardStatus()
    bench.recorder.describe(into: &local, hasRelay: false)
    #expect(local.counters["clips_kept_here"] == nil && local.counters["clips"] == 4)
  }
}
