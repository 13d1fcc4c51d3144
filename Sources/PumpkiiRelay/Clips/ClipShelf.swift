internal import HTTPTypes
internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

/// The clips of all cameras: bytes in the blob store, what is known of them in the tables. Acknowledged means stored.
/// When a camera's room is full its oldest clips go; when everybody's is, uploads are told to wait.
final class ClipShelf: Sendable {
  private struct State {
    var uploads: [DeviceID: Int] = [:]
    /// Bytes of uploads under way.
    var bytes = 0
  }

  /// What became of an upload.
  struct Outcome: Sendable {
    let clip: Tables.Clip
    let isNew: Bool
    /// Clips that went for it.
    let removed: [UInt64]
  }

  let limits: RelayConfiguration.Limits
  let store: RelayStore
  let blobs: BlobStore
  private let state = Mutex(State())

  init(limits: RelayConfiguration.Limits, store: RelayStore, blobs: BlobStore) {
    self.limits = limits
    self.store = store
    self.blobs = blobs
  }

  /// What a start does: clips that are too old go, and the blobs of uploads that a kill cut between their name and
  /// their row.
  func tidy(now: UInt64) async throws {
    try await expire(now: now)
    let names = try await store.read { try $0.clipBlobs() }
    let blobs = blobs
    _ = try await BlobStore.aside { try blobs.removeAll(but: names) }
  }

  /// Clips that were kept for as long as clips are.
  func expire(now: UInt64) async throws {
    let term = UInt64(limits.clipDays) * 86_400_000_000
    let oldest = now > term ? now - term : 0
    for device in try await store.read({ try $0.devices(withClipsBefore: oldest) }) {
      let old = try await store.write { tables in
        let old = try tables.clips(device).filter { $0.stored < oldest }
        try tables.end(old, of: device, .retention)
        return old
      }
      try await blobs.remove(old.map(\.blob))
    }
  }

  func delete(_ number: UInt64, of device: DeviceID) async throws {
    let clip = try await store.write { tables in
      let clip = try tables.clip(device, number)
      if let clip { try tables.end([clip], of: device, .deleted) }
      return clip
    }
    if let clip { try await blobs.remove([clip.blob]) }
  }

  /// Takes an upload in; `announced` bytes are held for it until it ends.
  func take(
    _ number: UInt64, of device: DeviceID, announced: Int, _ body: (inout BlobWriter) async throws -> ClipIntake.Summary
  ) async throws -> Outcome {
    if try await store.read({ try $0.goneClip(device, number) }) != nil { throw Self.gone }
    try await begin(device, announced)
    defer { end(device, announced) }
    var writer = try await blobs.begin()
    do {
      let summary = try await body(&writer)
      return try await keep(writer, summary, number, of: device)
    } catch {
      await writer.discard()
      throw Self.translated(error)
    }
  }

  private func begin(_ device: DeviceID, _ announced: Int) async throws {
    let stored = try await store.read { try $0.clipBytes() }
    // A camera's own oldest clips make room for its new ones.
    let own = try await store.read { try $0.clips(device).reduce(0) { $0 + $1.bytes } }
    let freed = max(0, own + announced - limits.clipBytesPerCamera)
    try state.withLock { state in
      guard state.uploads[device, default: 0] < limits.clipUploadsPerCamera else {
        throw Problem.tooMany(retryAfter: 5)
      }
      guard stored + state.bytes + announced - freed <= limits.allClipsBytes else { throw Self.full }
      state.uploads[device, default: 0] += 1
      state.bytes += announced
    }
  }

  private func end(_ device: DeviceID, _ announced: Int) {
    state.withLock { state in
      state.bytes -= announced
      let left = state.uploads[device, default: 1] - 1
      state.uploads[device] = left > 0 ? left : nil
    }
  }

  /// The bytes first, then the row: what has a row is whole.
  private func keep(
    _ writer: BlobWriter, _ summary: ClipIntake.Summary, _ number: UInt64, of device: DeviceID
  ) async throws -> Outcome {
    if let old = try await store.read({ try $0.clip(device, number) }) {
      guard old.hash == summary.hash else { throw Self.conflict }
      await writer.discard()
      return Outcome(clip: old, isNew: false, removed: [])
    }
    let blob = "\(device.hex)/\(number)-\(Hex.encode(SystemRandom.bytes(8)))"
    let clip = Tables.Clip(
      number: number, blob: blob, bytes: summary.bytes, stored: Relay.now, hash: summary.hash, classes: summary.classes)
    try await blobs.finish(writer, as: blob)
    let (outcome, removed): (Outcome, [Tables.Clip])
    do {
      let room = limits.clipBytesPerCamera
      (outcome, removed) = try await store.write { try Self.add(clip, of: device, room: room, in: $0) }
    } catch {
      await clear([blob])
      throw error
    }
    await clear(removed.map(\.blob) + (outcome.isNew ? [] : [blob]))
    return outcome
  }

  /// Removes blobs without a row; what cannot be removed now is at the next start.
  private func clear(_ blobs: [String]) async { try? await self.blobs.remove(blobs) }

  private static func add(
    _ clip: Tables.Clip, of device: DeviceID, room: Int, in tables: Tables
  ) throws -> (Outcome, [Tables.Clip]) {
    if try tables.goneClip(device, clip.number) != nil { throw gone }
    if let old = try tables.clip(device, clip.number) {
      guard old.hash == clip.hash else { throw conflict }
      return (Outcome(clip: old, isNew: false, removed: []), [])
    }
    var held = try tables.clips(device)
    var bytes = held.reduce(clip.bytes) { $0 + $1.bytes }
    var removed: [Tables.Clip] = []
    while bytes > room, !held.isEmpty {
      removed.append(held.removeFirst())
      bytes -= removed.last?.bytes ?? 0
    }
    try tables.end(removed, of: device, .retention)
    try tables.add(clip, of: device)
    return (Outcome(clip: clip, isNew: true, removed: removed.map(\.number)), removed)
  }

  /// A disk without room is no fault of the relay's program and no loss: the device keeps the clip and comes again.
  private static func translated(_ error: any Error) -> any Error {
    let noRoom: Set<Int32> = [SystemError.noSpace, SystemError.noQuota]
    guard let error = error as? SystemError, noRoom.contains(error.errno) else { return error }
    return full
  }

  static let gone = Problem(.gone, "clip-gone", "this clip was stored once and is deleted; it is not taken again")
  static let conflict = Problem.conflict("clip-fork", "another clip of this number is stored")
  static let full: Problem = {
    var problem = Problem(
      .init(code: 507, reasonPhrase: "Insufficient Storage"), "clips-full",
      "there is no room for clips now; keep this one and send it again later")
    problem.retryAfter = 60
    return problem
  }()
}
