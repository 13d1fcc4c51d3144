internal import NIOCore
package import PumpkiiWire

/// The live room of one camera as a pure state machine: what happens comes in, what is to be done goes out, and what
/// waits for a viewer is asked for. It knows no socket, clock or lock.
package struct LiveRoom: Sendable {
  /// The numbers that bound a room.
  package struct Limits: Sendable, Equatable {
    /// Media that may wait for one viewer.
    let queueBytes: Int
    /// Everything that may wait for one viewer; above it the viewer is cut. Above the largest object.
    let hardBytes: Int
    /// The current groups of all tracks.
    let cacheBytes: Int
    let viewers: Int

    /// Limits of one room.
    package init(queueBytes: Int, hardBytes: Int, cacheBytes: Int, viewers: Int) {
      self.queueBytes = queueBytes
      self.hardBytes = hardBytes
      self.cacheBytes = cacheBytes
      self.viewers = viewers
    }
  }

  /// A viewer's number in its room.
  package typealias ViewerID = UInt64

  /// What an account may see, by the roster.
  package struct Rights: Sendable, Equatable {
    var classes: ClassMask
    var isOwner: Bool

    /// Rights at one instant.
    package init(classes: ClassMask, isOwner: Bool) {
      self.classes = classes
      self.isOwner = isOwner
    }
  }

  /// A viewer that enters.
  package struct Newcomer: Sendable {
    let id: ViewerID
    let client: ClientID
    let rights: Rights
    let wanted: ClassMask
    let hasCamera: Bool

    /// - Parameters:
    ///   - wanted: the classes it asked for.
    ///   - hasCamera: the device is connected, with a line here or without.
    package init(id: ViewerID, client: ClientID, rights: Rights, wanted: ClassMask, hasCamera: Bool = true) {
      self.id = id
      self.client = client
      self.rights = rights
      self.wanted = wanted
      self.hasCamera = hasCamera
    }
  }

  /// What happens; `now` is in ms of any monotonic clock.
  package enum Event: Sendable {
    /// A viewer enters.
    case joined(Newcomer, now: UInt64)
    /// A viewer has gone.
    case left(ViewerID)
    /// A key message is stored.
    case keys(LiveKeys)
    /// The device sent an object.
    case object(LiveObject, now: UInt64)
    /// The device has opened a line.
    case publisherCame
    /// A viewer wants to know that what it sees is live.
    case nonce(Nonce, ClientID, now: UInt64)
    /// The device said how it is.
    case beacon(LiveBeacon)
    /// The device's line has ended.
    case publisherLeft
    /// What viewers may see now; viewers that are not named keep what they had.
    case rights([ViewerID: Rights], now: UInt64)
    /// Time to say that the lines live.
    case heartbeat
  }

  /// Why a viewer's line ends.
  package enum CutReason: Sendable, Equatable {
    /// Nothing it asked for is its right any more.
    case noRights
    /// It did not read.
    case tooSlow
    /// The room has no place.
    case full
  }

  /// What is to be done.
  package enum Action: Sendable, Equatable {
    /// Something waits for this viewer.
    case wake(ViewerID)
    /// This viewer is out of the room; its line is to end.
    case cut(ViewerID, CutReason)
    /// The classes that anybody wants have changed.
    case wanted(ClassMask)
    /// The device is to answer this root.
    case challenge(Digest)
    /// A viewer's queue lost an object.
    case dropped(ViewerID, LiveObject)
  }

  struct Viewer: Sendable {
    let client: ClientID
    let wanted: ClassMask
    var rights: Rights
    var hasEntry: Bool
    var queue: ViewerQueue
    /// Heartbeats since it last took anything, while something waits.
    var unread = 0

    var classes: ClassMask { rights.classes.intersection(wanted) }
  }

  let limits: Limits
  /// Heartbeats that a viewer may let what waits lie; then it is gone, though its connection may not say so.
  package static let patience = 12
  var viewers: [ViewerID: Viewer] = [:]
  var isPublishing = false
  var nonces = NonceBook()
  /// The newest that the device sent, for newcomers.
  package internal(set) var beacon: LiveBeacon?
  private var cache: GroupCache
  private(set) var keys: LiveKeys?
  private(set) var wanted: ClassMask = []

  /// A room that nobody is in, with the newest key message that is stored.
  package init(limits: Limits, keys: LiveKeys?) {
    self.limits = limits
    self.keys = keys
    cache = GroupCache(bound: limits.cacheBytes)
  }

  /// What the cache holds for newcomers.
  package var cacheBytes: Int { cache.bytes }

  /// Gives memory back: the groups, or the init objects too.
  package mutating func shed(_ part: CacheBook.Part) {
    switch part {
    case .groups: cache.removeGroups()
    case .all: cache.refuse()
    }
  }

  /// Viewers in the room.
  package var viewerCount: Int { viewers.count }

  /// Takes in what happened.
  /// - Returns: what is to be done, in this order.
  package mutating func handle(_ event: Event) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .joined(let newcomer, let now): join(newcomer, now, &actions)
    case .left(let id): leave(id)
    case .publisherCame: setPublishing(true, &actions)
    case .nonce(let nonce, let client, let now): take(nonce, of: client, now, &actions)
    case .beacon(let beacon): take(beacon, &actions)
    case .keys(let message): take(message, &actions)
    case .object(let object, let now): forward(object, now, &actions)
    case .publisherLeft:
      cache.removeAll()
      setPublishing(false, &actions)
    case .rights(let rights, let now): apply(rights, now, &actions)
    case .heartbeat: beat(&actions)
    }
    cutThoseOver(&actions)
    noteInterest(&actions)
    return actions
  }

  /// What is to be written to a viewer next, nil when nothing waits or the viewer is gone.
  package mutating func take(_ id: ViewerID, limit: Int) -> ViewerQueue.Batch? {
    viewers[id]?.unread = 0
    return viewers[id]?.queue.take(limit: limit)
  }
}

extension LiveRoom {
  private mutating func join(_ newcomer: Newcomer, _ now: UInt64, _ actions: inout [Action]) {
    guard viewers.count < limits.viewers else {
      actions.append(.cut(newcomer.id, .full))
      return
    }
    var viewer = Viewer(
      client: newcomer.client, wanted: newcomer.wanted, rights: newcomer.rights,
      hasEntry: keys?.has(newcomer.client) ?? false,
      queue: ViewerQueue(bound: limits.queueBytes, hardBound: limits.hardBytes))
    guard !viewer.classes.isEmpty else {
      actions.append(.cut(newcomer.id, .noRights))
      return
    }
    for item in keys?.items(for: viewer.client, isOwner: viewer.rights.isOwner) ?? [] {
      viewer.queue.put(control: item)
    }
    begin(viewer.classes, &viewer.queue, now)
    greet(&viewer.queue, hasCamera: newcomer.hasCamera)
    viewers[newcomer.id] = viewer
    if !viewer.queue.isEmpty { actions.append(.wake(newcomer.id)) }
  }

  private func begin(_ classes: ClassMask, _ queue: inout ViewerQueue, _ now: UInt64) {
    let current = cache.current(classes, now: now)
    queue.put(burst: current.objects)
    for track in current.awaited { queue.await(track) }
  }

  /// A new epoch: the head goes to everybody, the group of the old epoch is forgotten, and who lost its entry is cut.
  private mutating func take(_ message: LiveKeys, _ actions: inout [Action]) {
    if let keys, message.epoch <= keys.epoch { return }
    keys = message
    cache.removeAll()
    for (id, viewer) in viewers.sorted(by: { $0.key < $1.key }) {
      let hasEntry = message.has(viewer.client)
      if viewer.hasEntry, !hasEntry {
        cut(id, .noRights, &actions)
        continue
      }
      viewers[id]?.hasEntry = hasEntry
      for item in message.items(for: viewer.client, isOwner: viewer.rights.isOwner) {
        viewers[id]?.queue.put(control: item)
      }
      actions.append(.wake(id))
    }
  }

  private mutating func forward(_ object: LiveObject, _ now: UInt64, _ actions: inout [Action]) {
    // Without the epoch's head no viewer could tell whose object it is: it counts as lost here.
    let isKnown = keys.map { object.header.kid.epoch <= $0.epoch } ?? false
    if object.header.kid.epoch == keys?.epoch { cache.take(object, now: now) }
    for id in viewers.keys.sorted() where viewers[id]?.classes.contains(object.header.mediaClass) == true {
      if isKnown {
        let dropped = viewers[id]?.queue.put(object) ?? []
        for lost in dropped { actions.append(.dropped(id, lost)) }
      } else {
        viewers[id]?.queue.note(object)
        actions.append(.dropped(id, object))
      }
      actions.append(.wake(id))
    }
  }

  /// Rights changed: who has none is cut, a class that went is taken back even from the queue, one that came is begun.
  private mutating func apply(_ rights: [ViewerID: Rights], _ now: UInt64, _ actions: inout [Action]) {
    for (id, new) in rights.sorted(by: { $0.key < $1.key }) {
      guard var viewer = viewers[id] else { continue }
      let old = viewer.classes
      viewer.rights = new
      guard !viewer.classes.isEmpty else {
        cut(id, .noRights, &actions)
        continue
      }
      viewer.queue.remove(old.subtracting(viewer.classes))
      let gained = viewer.classes.subtracting(old)
      if !gained.isEmpty { begin(gained, &viewer.queue, now) }
      viewers[id] = viewer
      if !viewer.queue.isEmpty { actions.append(.wake(id)) }
    }
  }

  private mutating func beat(_ actions: inout [Action]) {
    let item = ByteBuffer(bytes: WireItem.control(.heartbeat, []).bytes)
    for (id, viewer) in viewers.sorted(by: { $0.key < $1.key }) {
      if viewer.queue.isEmpty {
        viewers[id]?.queue.put(control: item)
        actions.append(.wake(id))
      } else if viewer.unread >= Self.patience {
        cut(id, .tooSlow, &actions)
      } else {
        viewers[id]?.unread += 1
      }
    }
  }

  private mutating func cutThoseOver(_ actions: inout [Action]) {
    for id in viewers.keys.sorted() where viewers[id]?.queue.isOver == true { cut(id, .tooSlow, &actions) }
  }

  private mutating func cut(_ id: ViewerID, _ reason: CutReason, _ actions: inout [Action]) {
    viewers[id] = nil
    actions.append(.cut(id, reason))
  }

  private mutating func noteInterest(_ actions: inout [Action]) {
    let now = viewers.values.reduce(ClassMask()) { $0.union($1.classes) }
    guard now != wanted else { return }
    wanted = now
    actions.append(.wanted(now))
  }
}
