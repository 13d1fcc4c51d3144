internal import NIOCore
internal import PumpkiiSystem
internal import PumpkiiWire
internal import Synchronization

/// The live rooms with their lines: feeds each ``LiveRoom`` under its lock and does what it says after unlocking.
final class LiveHub: Sendable {
  struct Viewer: Sendable {
    let client: ClientID
    let account: AccountID
    let response: LongResponse
  }

  fileprivate struct Room {
    var machine: LiveRoom
    var viewers: [LiveRoom.ViewerID: Viewer] = [:]
    var publisher: (number: UInt64, line: Uplink)?
    var number: UInt64 = 0
    /// What the book of caches was told last.
    var noted: (bytes: Int, isWatched: Bool) = (0, false)
  }

  /// One camera's room behind its own lock.
  final class Box: Sendable {
    let device: DeviceID
    fileprivate let room: Mutex<Room>

    fileprivate init(_ device: DeviceID, _ machine: LiveRoom) {
      self.device = device
      room = Mutex(Room(machine: machine))
    }
  }

  /// Bytes written to a viewer in one go, at least one object.
  static let batchBytes = 256 << 10

  private let boxes = Mutex<[DeviceID: Box]>([:])
  private let caches: Mutex<CacheBook>
  private let limits: LiveRoom.Limits
  private let events: EventHub
  private let ledger: DeliveryLedger?

  init(limits: LiveRoom.Limits, allCaches: Int, events: EventHub, ledger: DeliveryLedger?) {
    self.limits = limits
    caches = Mutex(CacheBook(bound: allCaches))
    self.events = events
    self.ledger = ledger
  }

  func existing(_ device: DeviceID) -> Box? { boxes.withLock { $0[device] } }

  /// The room of a camera, made with the newest key message when it is not there yet.
  func box(_ device: DeviceID, keys: LiveKeys?) -> Box {
    boxes.withLock { boxes in
      if let box = boxes[device] { return box }
      let box = Box(device, LiveRoom(limits: limits, keys: keys))
      boxes[device] = box
      return box
    }
  }

  /// Cameras that somebody watches now.
  var watched: [DeviceID] { all.filter { box in box.room.withLock { !$0.viewers.isEmpty } }.map(\.device) }

  func wanted(_ device: DeviceID) -> ClassMask { existing(device)?.room.withLock { $0.machine.wanted } ?? [] }
  func isPublishing(_ device: DeviceID) -> Bool { existing(device)?.room.withLock { $0.publisher != nil } ?? false }
  func isFull(_ device: DeviceID) -> Bool {
    existing(device)?.room.withLock { $0.machine.viewerCount >= $0.machine.limits.viewers } ?? false
  }
}

extension LiveHub {
  /// A device's line; the one before it ends.
  func publish(_ box: Box, _ line: Uplink) -> UInt64 {
    let (number, old) = box.room.withLock { room in
      room.number += 1
      defer { room.publisher = (room.number, line) }
      return (room.number, room.publisher?.line)
    }
    old?.end()
    act(box) { $0.machine.handle(.publisherCame) }
    return number
  }

  func unpublish(_ box: Box, _ number: UInt64) {
    act(box) { room in
      guard room.publisher?.number == number else { return [] }
      room.publisher = nil
      return room.machine.handle(.publisherLeft)
    }
  }

  func forward(_ object: LiveObject, _ box: Box) {
    let now = Self.milliseconds
    act(box) { $0.machine.handle(.object(object, now: now)) }
  }

  func take(_ keys: LiveKeys, _ box: Box) { act(box) { $0.machine.handle(.keys(keys)) } }

  func take(_ beacon: LiveBeacon, _ box: Box) { act(box) { $0.machine.handle(.beacon(beacon)) } }

  func beacon(_ device: DeviceID) -> LiveBeacon? { existing(device)?.room.withLock { $0.machine.beacon } }

  /// Takes a viewer's nonce.
  /// - Returns: false when the client has no line in the room.
  func take(_ nonce: Nonce, _ device: DeviceID, of client: ClientID) -> Bool {
    guard let box = existing(device), box.room.withLock({ $0.machine.isWatching(client) }) else { return false }
    let now = Self.milliseconds
    act(box) { $0.machine.handle(.nonce(nonce, client, now: now)) }
    return true
  }

  func join(_ box: Box, _ viewer: Viewer, rights: LiveRoom.Rights, wanted: ClassMask) -> LiveRoom.ViewerID {
    let now = Self.milliseconds
    let id = box.room.withLock { room in
      room.number += 1
      room.viewers[room.number] = viewer
      return room.number
    }
    let newcomer = LiveRoom.Newcomer(
      id: id, client: viewer.client, rights: rights, wanted: wanted, hasCamera: events.isOpen(box.device))
    act(box) { $0.machine.handle(.joined(newcomer, now: now)) }
    return id
  }

  func leave(_ box: Box, _ id: LiveRoom.ViewerID) {
    act(box) { room in
      room.viewers[id] = nil
      return room.machine.handle(.left(id))
    }
  }

  func next(_ box: Box, _ id: LiveRoom.ViewerID) -> ViewerQueue.Batch? {
    box.room.withLock { $0.machine.take(id, limit: Self.batchBytes) }
  }

  func wrote(_ batch: ViewerQueue.Batch, to client: ClientID) {
    guard let ledger else { return }
    for object in batch.objects { ledger.delivered(object, to: client) }
  }

  /// Asks anew what each viewer of a camera may see.
  func refresh(_ device: DeviceID, _ rights: (Viewer) -> LiveRoom.Rights) {
    guard let box = existing(device) else { return }
    let now = Self.milliseconds
    act(box) { room in room.machine.handle(.rights(room.viewers.mapValues(rights), now: now)) }
  }

  /// Ends the lines of clients of an account that are not among `clients` any more.
  func end(account: AccountID, except clients: Set<ClientID>) {
    for box in all {
      act(box) { room in
        let gone = room.viewers.filter { $0.value.account == account && !clients.contains($0.value.client) }
        let nothing = LiveRoom.Rights(classes: [], isOwner: false)
        return room.machine.handle(.rights(gone.mapValues { _ in nothing }, now: 0))
      }
    }
  }

  func beat() {
    for box in all {
      act(box) { $0.machine.handle(.heartbeat) }
      box.room.withLock { $0.publisher?.line }?.ring()
    }
  }

  /// Tells the book what a room holds now, and lets the rooms that it names give back. A room's lock and the book's are
  /// never held together with another room's.
  private func keepToBudget(_ box: Box) {
    var changed = [(box, hasShed: false)]
    while let (next, hasShed) = changed.popLast() {
      let sheddings = next.room.withLock { room -> [CacheBook.Shedding] in
        let now = (bytes: room.machine.cacheBytes, isWatched: !room.viewers.isEmpty)
        guard hasShed || now != room.noted else { return [] }
        room.noted = now
        return caches.withLock { $0.note(next.device, bytes: now.bytes, isWatched: now.isWatched) }
      }
      for shedding in sheddings {
        guard let other = existing(shedding.device) else { continue }
        other.room.withLock { $0.machine.shed(shedding.part) }
        changed.append((other, hasShed: true))
      }
    }
  }

  private var all: [Box] { boxes.withLock { Array($0.values) } }
  private static var milliseconds: UInt64 { Clocks.monotonic() / 1_000_000 }

  private func act(_ box: Box, _ body: (inout Room) -> [LiveRoom.Action]) {
    let (actions, viewers, line) = box.room.withLock { room in (body(&room), room.viewers, room.publisher?.line) }
    keepToBudget(box)
    for action in actions {
      switch action {
      case .wake(let id): viewers[id]?.response.ring()
      case .cut(let id, let reason):
        viewers[id]?.response.end()
        if reason == .noRights, let client = viewers[id]?.client { events.send(.cut(box.device), to: client) }
      case .wanted(let classes): events.send(.wanted(classes), to: box.device)
      case .challenge(let root): line?.challenge(root)
      case .dropped(let id, let object):
        if let client = viewers[id]?.client { ledger?.dropped(object, of: client) }
      }
    }
  }
}
