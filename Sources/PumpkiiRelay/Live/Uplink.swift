internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import PumpkiiWire
internal import Synchronization

/// A device's long request: reads its items, gives objects to the room and key messages to the store, and answers with
/// an acknowledgement an object, and with the challenges of viewers. A device that does not read its acknowledgements
/// loses the line.
final class Uplink: Sendable {
  /// Acknowledgements that may wait; a device leaves far fewer unread.
  private static let bound = 4096

  private struct State {
    var waiting = ByteBuffer()
    var count = 0
    /// The newest; the device answers no other.
    var challenge: Digest?
  }

  private let relay: Relay
  private let device: DeviceID
  private let box: LiveHub.Box
  private let response: LongResponse
  private let state = Mutex(State())

  init(_ relay: Relay, _ device: DeviceID, _ box: LiveHub.Box, _ response: LongResponse) {
    self.relay = relay
    self.device = device
    self.box = box
    self.response = response
  }

  /// Runs until the device, the relay or a newer line ends it.
  func run(_ body: RequestBody, _ writer: inout any ResponseBodyWriter) async throws {
    let number = relay.live.publish(box, self)
    defer { relay.live.unpublish(box, number) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await self.read(body) }
      defer { group.cancelAll() }
      // The head of the answer is out; an item at once lets the device know that it is heard.
      try await writer.write(Self.heartbeat)
      while await response.wait() { try await writer.write(take() ?? Self.heartbeat) }
      if let last = take() { try await writer.write(last) }
    }
  }

  func end() { response.end() }

  /// Time to say that the line lives.
  func ring() { response.ring() }

  /// The device is to answer this root over viewers' nonces. It goes this way and not by an event, since it costs 40
  /// bytes on a line that is open whenever somebody watches, and no event that takes long to answer holds it up.
  func challenge(_ root: Digest) {
    state.withLock { $0.challenge = root }
    response.ring()
  }

  private static let heartbeat = ByteBuffer(bytes: WireItem.control(.heartbeat, []).bytes)

  private func read(_ body: RequestBody) async {
    defer { response.end() }
    do {
      var parser = WireItemParser()
      var keys = KeyMessageAssembler()
      var tracks: Set<Track> = []
      for try await chunk in body {
        parser.append(chunk.readableBytesView)
        while let item = try parser.next() { try await take(item, &keys, &tracks) }
      }
    } catch is CancellationError {
      return
    } catch {
      let problem = Problem(error)
      // A line that broke is no fault of anybody; one that broke the rules is.
      if problem.status != .internalServerError { relay.log.breach("uplink ended", code: problem.code) }
    }
  }

  private func take(_ item: WireItem, _ keys: inout KeyMessageAssembler, _ tracks: inout Set<Track>) async throws {
    switch item {
    case .object(let header, let bytes):
      guard !keys.isOpen else { throw Problem.bad("keys-items", "an object between key items") }
      guard header.device == device else { throw Problem.bad("object-wrong-device", "the object names another device") }
      guard bytes.count <= relay.configuration.limits.objectBytes else { throw Problem.tooLarge }
      if header.flags.contains(.initialization) {
        guard bytes.count <= GroupCache.initializationBytes else { throw Problem.tooLarge }
      }
      tracks.insert(header.kid.track)
      guard tracks.count <= GroupCache.trackCount else {
        throw Problem.bad("object-too-many-tracks", "a camera has at most \(GroupCache.trackCount) tracks")
      }
      relay.live.forward(LiveObject(header: header, bytes: ByteBuffer(bytes: bytes)), box)
      try acknowledge(header)
    case .control(.keyHead, _), .control(.keyEntry, _):
      guard let message = try keys.take(item) else { return }
      _ = try await relay.take(head: message.head, entries: message.entries, of: device)
    case .control(.beacon, let body): relay.live.take(try LiveBeacon(body, of: device), box)
    case .control(.heartbeat, _), .control(.clip, _):
      // Clip records have no reader here yet.
      return
    case .control:
      throw Problem.bad("uplink-item", "an item that a device does not send")
    }
  }

  private func acknowledge(_ header: ObjectHeader) throws {
    var body = ByteWriter(capacity: 12)
    body.write(header.kid.rawValue)
    body.write(header.index)
    let item = WireItem.control(.acknowledgement, body.bytes).bytes
    let isOver = state.withLock { state in
      state.waiting.writeBytes(item)
      state.count += 1
      return state.count > Self.bound
    }
    guard !isOver else { throw Problem.bad("uplink-unread", "the device does not read its acknowledgements") }
    response.ring()
  }

  private func take() -> ByteBuffer? {
    state.withLock { state in
      guard state.count > 0 || state.challenge != nil else { return nil }
      defer { state = State() }
      if let root = state.challenge { state.waiting.writeBytes(WireItem.control(.challenge, root.bytes).bytes) }
      return state.waiting
    }
  }
}
