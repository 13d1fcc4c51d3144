internal import NIOCore
internal import PumpkiiWire

/// The live room of one camera as a pure state machine: what happens comes in, what is to be done goes out, and what
/// waits for a viewer is asked for. It knows no socket, clock or lock.
struct LiveRoom: Sendable {
  struct Limits: Sendable, Equatable {
    /// Media that may wait for one viewer.
    var queueBytes = 1 << 20
    /// Everything that may wait for one viewer; above it the viewer is cut. Above the largest object.
    var hardBytes = 32 << 20
    /// The current groups of all tracks.
    var cacheBytes = 8 << 20
    var viewers = 64
  }

  typealias ViewerID = UInt64

  /// What an account may see, by the roster.
  struct Rights: Sendable, Equatable {
    var classes: ClassMask
    var isOwner: Bool
  }

  struct Newcomer: Sendable {
    var id: ViewerID
    var client: ClientID
    var rights: Rights
    /// The classes it asked for.
    var wanted: ClassMask
  }

  enum Event: Sendable {
    case joined(Newcomer, now: UInt64)
    case left(ViewerID)
    case keys(LiveKeys)
    case object(LiveObject, now: UInt64)
    case publisherLeft
    case rights([ViewerID: Rights], now: UInt64)
    case heartbeat
  }

  enum CutReason: Sendable, Equatable {
    case noRights
    case tooSlow
    case full
  }

  enum Action: Sendable, Equatable {
    /// Something waits for this viewer.
    case wake(ViewerID)
    case cut(ViewerID, CutReason)
    /// The classes that anybody wants have changed.
    case wanted(ClassMask)
    case dropped(ViewerID, LiveObject)
  }

  private struct Viewer: Sendable {
    let client: ClientID
    let wanted: ClassMask
    var rights: Rights
    var hasEntry: Bool
    var queue: ViewerQueue

    var classes: ClassMask { rights.classes.intersection(wanted) }
  }

  let limits: Limits
  private var viewers: [ViewerID: Viewer] = [:]
  private var cache: GroupCache
  private(set) var keys: LiveKeys?
  private(set) var wanted: ClassMask = []

  init(limits: Limits, keys: LiveKeys?) {
    self.limits = limits
    self.keys = keys
    cache = GroupCache(bound: limits.cacheBytes)
  }

  var viewerCount: Int { viewers.count }
  var viewerClients: [ViewerID: ClientID] { viewers.mapValues(\.client) }

  mutating func handle(_ event: Event) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .joined(let newcomer, let now): join(newcomer, now, &actions)
    case .left(let id): viewers[id] = nil
    case .keys(let message): take(message, &actions)
    case .object(let object, let now): forward(object, now, &actions)
    case .publisherLeft: cache.removeAll()
    case .rights(let rights, let now): apply(rights, now, &actions)
    case .heartbeat: beat(&actions)
    }
    cutThoseOver(&actions)
    noteInterest(&actions)
    return actions
  }

  /// What is to be written to a viewer next, nil when nothing waits or the viewer is gone.
  mutating func take(_ id: ViewerID, limit: Int) -> ViewerQueue.Batch? {
    viewers[id]?.queue.take(limit: limit)
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
    for item in keys?.items(for: viewer.client, isOwner: viewer.rights.isOwner) ?? [] { viewer.queue.put(control: item) }
    begin(viewer.classes, &viewer.queue, now)
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
    for id in viewers.keys.sorted() where viewers[id]?.queue.isEmpty == true {
      viewers[id]?.queue.put(control: item)
      actions.append(.wake(id))
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
