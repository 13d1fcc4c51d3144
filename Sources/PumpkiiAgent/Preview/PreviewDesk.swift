package import PumpkiiMedia
package import PumpkiiPolicy
package import PumpkiiSystem
internal import Synchronization

/// Where the camera's thread and the consumers of the local preview meet. Nobody waits here: the camera offers what it
/// makes anyway, each consumer has a bounded queue of its own. Whether an object may be shown (E12) is asked when it is
/// offered and again when it is taken, so that a denial holds for what waits as well.
package final class PreviewDesk: Sendable {
  /// How many may look, and how much may wait for each.
  package struct Limits: Sendable, Equatable {
    /// Who may look at a time.
    package var consumers = 8
    /// For each that may wait.
    package var objects = 120
    /// Of them all, for each consumer.
    package var bytes = 8 << 20
    package init() {}
  }

  /// What became of the objects, over all consumers.
  package struct Counts: Sendable, Equatable {
    /// Handed to a consumer.
    package var shown: UInt64 = 0
    /// Denied when offered, or while they waited.
    package var denied: UInt64 = 0
    /// Lost by a queue's rule.
    package var lost: UInt64 = 0
    /// Consumers turned away because all places were taken.
    package var refused: UInt64 = 0
    package init() {}
  }

  private struct State {
    var seats: [ObjectIdentifier: PreviewSeat] = [:]
    var counts = Counts()
    var nextPicture: UInt64 = 0
    var size = (width: 1280, height: 720)
    var mode: VideoSettings.Mode
  }

  /// Who looks.
  package let wants = Published(PreviewWants())
  private let denial: @Sendable () -> Decision?
  private let denied: @Sendable (Decision) -> Void
  private let limits: Limits
  private let interval: UInt64
  private let state: Mutex<State>

  /// - Parameters:
  ///   - mode: of the stream, so that an off picture can be coded before a camera opened.
  ///   - rate: JPEGs a second at most.
  ///   - denied: told of each object that is denied, and once of each look that is.
  ///   - denial: why nothing may be shown now (E12); nil when it may. Asked for each object.
  package init(
    mode: VideoSettings.Mode = .h264, rate: Double = 10, limits: Limits = Limits(),
    denied: @escaping @Sendable (Decision) -> Void = { _ in }, denial: @escaping @Sendable () -> Decision?
  ) {
    self.denied = denied
    self.denial = denial
    self.limits = limits
    interval = UInt64(1e9 / min(max(rate, 0.1), 120))
    state = Mutex(State(mode: mode))
  }

  package var counts: Counts {
    state.withLock { state in
      var counts = state.counts
      for seat in state.seats.values { counts.lost += seat.queue.withLock { $0.lost } }
      return counts
    }
  }

  /// Objects that wait, over all consumers.
  package var waiting: Int {
    state.withLock { $0.seats.values.reduce(0) { sum, seat in sum + seat.queue.withLock { $0.count } } }
  }

  /// Why nothing may be shown now.
  package var currentDenial: Decision? { denial() }

  /// Size and coding of the stream, as far as they are known.
  var shape: (width: Int, height: Int, mode: VideoSettings.Mode) {
    state.withLock { ($0.size.width, $0.size.height, $0.mode) }
  }

  // -- the camera's thread

  /// The stream's size, once a camera is open; off pictures follow it.
  package func opened(width: Int, height: Int, mode: VideoSettings.Mode) {
    state.withLock { state in
      state.size = (width, height)
      state.mode = mode
    }
  }

  /// Whether a JPEG of this frame is wanted now: asked before it is made; moves the rate's clock on.
  /// - Parameter now: CLOCK_MONOTONIC in ns.
  package func takesPicture(now: UInt64) -> Bool {
    guard wants.value.wantsPictures, denial() == nil else { return false }
    return state.withLock { state in
      // A tenth early, or a camera's jitter would halve the rate.
      guard now + interval / 10 >= state.nextPicture || state.nextPicture > now + 2 * interval else { return false }
      state.nextPicture = now + interval
      return true
    }
  }

  /// Whether a picture that stands alone should be made: a consumer of the film waits for one.
  package var needsRandomAccess: Bool {
    guard wants.value.wantsFilm else { return false }
    return state.withLock { state in
      state.seats.values.contains { seat in seat.kind == .film && seat.queue.withLock { $0.awaitsRandomAccess } }
    }
  }

  /// A JPEG for whoever looks.
  package func offer(jpeg: [UInt8]) {
    offer(PreviewItem(bytes: jpeg, isRandomAccess: true), to: [.mjpeg, .snapshot])
  }

  /// A chunk of the stream with the header it belongs to.
  package func offer(chunk: EncodedChunk, initialization: [UInt8]) {
    let item = PreviewItem(bytes: chunk.bytes, isRandomAccess: chunk.randomAccess, initialization: initialization)
    offer(item, to: [.film])
  }

  /// What is allowed changed: what waits and may not be shown is gone when this returns, and everybody looks anew.
  package func refresh() {
    let isDenied = denial() != nil
    for seat in state.withLock({ Array($0.seats.values) }) {
      if isDenied { wipe(seat) }
      seat.ring()
    }
  }

  private func offer(_ item: PreviewItem, to kinds: Set<PreviewWants.Kind>) {
    let seats = state.withLock { $0.seats.values.filter { kinds.contains($0.kind) } }
    guard !seats.isEmpty else { return }
    if let decision = denial() {
      denied(decision)
      return state.withLock { $0.counts.denied += 1 }
    }
    for seat in seats where seat.queue.withLock({ $0.put(item) }) { seat.ring() }
    // A change whose refresh went by just before the object was put in: it must not wait for somebody to look.
    if denial() != nil { for seat in seats { wipe(seat) } }
  }

  // -- the consumers

  /// What a consumer finds.
  package enum Next: Sendable {
    case item(PreviewItem)
    case denied(Decision)
    case nothing
  }

  /// A place; nil when all are taken.
  package func join(_ kind: PreviewWants.Kind) -> PreviewSeat? {
    let objects = kind == .film ? limits.objects : kind == .mjpeg ? 4 : 1
    let seat = PreviewSeat(kind, PreviewQueue(objectBound: objects, byteBound: limits.bytes))
    let isIn = state.withLock { state in
      guard state.seats.count < limits.consumers else {
        state.counts.refused += 1
        return false
      }
      state.seats[ObjectIdentifier(seat)] = seat
      return true
    }
    guard isIn else { return nil }
    wants.update { $0.counts[kind, default: 0] += 1 }
    return seat
  }

  /// The place is free again.
  package func leave(_ seat: PreviewSeat) {
    let wasIn = state.withLock { state in
      guard state.seats.removeValue(forKey: ObjectIdentifier(seat)) != nil else { return false }
      state.counts.lost += seat.queue.withLock { $0.lost }
      return true
    }
    if wasIn { wants.update { $0.counts[seat.kind, default: 1] -= 1 } }
  }

  /// The next object, if it may be shown now.
  package func next(_ seat: PreviewSeat) -> Next {
    if let decision = currentDenial {
      wipe(seat)
      if seat.note(isDenied: true) { denied(decision) }
      return .denied(decision)
    }
    _ = seat.note(isDenied: false)
    guard let item = seat.queue.withLock({ $0.take() }) else { return .nothing }
    state.withLock { $0.counts.shown += 1 }
    return .item(item)
  }

  private func wipe(_ seat: PreviewSeat) {
    let wiped = seat.queue.withLock { $0.wipe() }
    if wiped > 0 { state.withLock { $0.counts.denied += UInt64(wiped) } }
  }
}
