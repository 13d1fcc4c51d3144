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
    let refused = Set(body.refusals.map(\.operation))
    for _ in 0..<Relay.attempts {
      let old = try await self.camera(device)
      // An operation that the head lists as refused has its answer.
      let waiting = old.waiting.filter { !refused.contains(Hashes.sha256($0)) }
      let next = waiting.count == old.waiting.count ? old : try await renewed(old, waiting: waiting)
      let stored = try await commit(next) { try self.store(message, refused, of: device, in: $0) }
      guard let camera = stored else { continue }
      if let box = live.existing(device) { live.take(keys, box) }
      hints.tell(.keys, .keys(device, body.epoch), of: device, to: camera.listed)
      return keys
    }
    throw Relay.busy
  }

  private func store(
    _ message: Tables.KeyMessage, _ refused: Set<Digest>, of device: DeviceID, in tables: Tables
  ) throws {
    if let old = try tables.keys(device, epoch: message.epoch) {
      guard old == message else { throw Problem.conflict("keys-fork", "another key message of this epoch is stored") }
    } else {
      try tables.save(keys: message, of: device, limit: configuration.limits.keyMessagesPerCamera)
    }
    for operation in refused { try tables.remove(operation: operation, of: device) }
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
