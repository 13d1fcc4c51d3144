internal import NIOCore
internal import PumpkiiWire

// What a viewer needs to tell a live camera from a replayed one. The relay vouches for nothing of it.
extension LiveRoom {
  private static func presence(_ isPublishing: Bool) -> ByteBuffer {
    ByteBuffer(bytes: WireItem.control(.presence, [isPublishing ? 1 : 0]).bytes)
  }

  /// Whether the client has a line in the room.
  func isWatching(_ client: ClientID) -> Bool { viewers.values.contains { $0.client == client } }

  /// A newcomer sees the state at once. That no line is open says nothing of a camera that is there and waits to be
  /// wanted; of one that is not there it is said, for its last beacon is no state.
  func greet(_ queue: inout ViewerQueue, hasCamera: Bool) {
    if isPublishing || !hasCamera { queue.put(presence: Self.presence(isPublishing)) }
    if let beacon { queue.put(beacon: beacon.item) }
  }

  mutating func leave(_ id: ViewerID) {
    let client = viewers.removeValue(forKey: id)?.client
    if let client, !isWatching(client) { nonces.remove(client) }
  }

  mutating func setPublishing(_ isPublishing: Bool, _ actions: inout [Action]) {
    if isPublishing { nonces.begin() }
    self.isPublishing = isPublishing
    for id in viewers.keys.sorted() {
      viewers[id]?.queue.put(presence: Self.presence(isPublishing))
      actions.append(.wake(id))
    }
  }

  mutating func take(_ nonce: Nonce, of client: ClientID, _ now: UInt64, _ actions: inout [Action]) {
    let lines = viewers.values.count { $0.client == client }
    let root = nonces.post(nonce, of: client, lines: lines, isAsked: isPublishing, now: now)
    if let root { actions.append(.challenge(root)) }
  }

  /// The newest wins, here and in every queue.
  mutating func take(_ newer: LiveBeacon, _ actions: inout [Action]) {
    guard newer.replaces(beacon) else { return }
    beacon = newer
    for (id, viewer) in viewers.sorted(by: { $0.key < $1.key }) {
      var items = newer.item
      for path in nonces.paths(to: newer.challenge, of: viewer.client) {
        items.writeBytes(WireItem.control(.noncePath, path.encoded).bytes)
      }
      viewers[id]?.queue.put(beacon: items)
      actions.append(.wake(id))
    }
  }
}
