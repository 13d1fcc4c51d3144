internal import NIOCore
internal import PumpkiiChain
internal import PumpkiiWire

// Key messages: verified by their head, stored as received, forwarded to whom they are for.
extension Relay {
  /// Stores a key message and gives it to those who watch. The same message again is no second one; another of the same
  /// epoch is refused.
  func take(head: [UInt8], entries: [[UInt8]], of device: DeviceID) async throws -> LiveKeys {
    let body = try KeyHeadCheck.verify(head, device: device).body
    guard entries.map({ Hashes.sha256($0) }) == body.entryDigests else {
      throw Problem.bad("keys-entries", "the entries are not those that the head names, in its order")
    }
    let message = Tables.KeyMessage(epoch: body.epoch, head: head, entries: entries)
    let keys = try Relay.live(message)
    let limit = configuration.limits.keyMessagesPerCamera
    let camera = try await store.write { tables in
      guard let camera = try self.camera(device, tables) else { throw Relay.unknownCamera }
      if let old = try tables.keys(device, epoch: body.epoch) {
        guard old == message else { throw Problem.conflict("keys-fork", "another key message of this epoch is stored") }
        return camera
      }
      try tables.save(keys: message, of: device, limit: limit)
      return try self.withoutRefused(body.refusals, camera, tables)
    }
    refresh(camera)
    if let box = live.existing(device) { live.take(keys, box) }
    events.send(.keys(device, body.epoch), to: camera.accounts)
    return keys
  }

  /// An operation that the head lists as refused has its answer.
  private func withoutRefused(_ refusals: [KeyHead.Refusal], _ camera: Camera, _ tables: Tables) throws -> Camera {
    var isChanged = false
    for refusal in refusals where try tables.remove(operation: refusal.operation, of: camera.roster.device) {
      isChanged = true
    }
    guard isChanged else { return camera }
    let new = try makeCamera(camera.roster, tables)
    tables.afterCommit { self.remember(new) }
    return new
  }

  /// A camera's room, made with the newest message that is stored.
  func room(_ device: DeviceID) async throws -> LiveHub.Box {
    if let box = live.existing(device) { return box }
    let newest = try await store.read { try $0.newestKeys(device) }
    return live.box(device, keys: try newest.map { try Relay.live($0) })
  }

  static func live(_ message: Tables.KeyMessage) throws -> LiveKeys {
    LiveKeys(
      epoch: message.epoch,
      head: ByteBuffer(bytes: WireItem.control(.keyHead, message.head).bytes),
      entries: try message.entries.map { bytes in
        LiveKeys.Entry(
          client: try KeyEntry(decoding: bytes).client,
          item: ByteBuffer(bytes: WireItem.control(.keyEntry, bytes).bytes))
      })
  }
}
