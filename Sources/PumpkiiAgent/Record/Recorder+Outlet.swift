internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire
internal import Synchronization

// What the sealing desk calls, under its lock.
extension Recorder {
  package func accept(_ object: SealedObject) {
    let now = clock()
    state.withLock { state in
      // Of a segment that began before recording was allowed nothing is of use, its end included.
      guard state.isAllowed, state.book.admits(object.header) else { return }
      let object = RecordedObject(copying: object)
      let isBoundary = state.book.isBoundary(object.header)
      if isBoundary { forgetMessages(&state) }
      // The init of a segment stands before it in its own right; of the others the book knows.
      let inits = state.book.inits
      state.book.note(object)
      let step = state.machine.object(
        isBoundary: isBoundary, canBegin: isBoundary || !state.ring.isEmpty,
        isFull: needsAnother(state), now: now)
      take(step, object, isBoundary: isBoundary, inits: inits, &state, now)
      if isBoundary || step != .ring && step != .write { publish(state, now) }
    }
  }

  /// The clip holds as much as one may, or the disk did not take it.
  private func needsAnother(_ state: State) -> Bool {
    state.clipEpochs.count >= WireLimits.clipEpochs / 2 || state.clipBytes >= settings.clipBytes || queue.lacksClip
  }

  package func accept(_ message: KeyMessage) {
    state.withLock { state in
      state.messages[message.head.body.epoch] = message
      forgetMessages(&state)
      if state.machine.isRecording { put(message, &state) }
    }
  }

  package func lacks(_ segment: SegmentKID) -> Bool {
    state.withLock { $0.isAllowed && !$0.book.holds(segment) }
  }

  package func takeNote() -> ClipNote? { state.withLock { $0.note.take() } }

  private func take(
    _ step: ClipMachine.Step, _ object: RecordedObject, isBoundary: Bool, inits: [RecordedObject],
    _ state: inout State, _ now: UInt64
  ) {
    switch step {
    case .ring:
      state.ring.take(object, isBoundary: isBoundary, inits: inits, now: now)
    case .end:
      endClip(&state)
      state.ring.take(object, isBoundary: isBoundary, inits: inits, now: now)
    case .write:
      write(object, isBoundary: isBoundary, &state)
    case .begin(let reason):
      let span = state.ring.span(now: now)
      let groups = state.ring.drain()
      begin(
        groups.first?.inits ?? inits, groups.flatMap(\.objects), boundaries: groups.map(\.objects.count),
        from: now - min(now, span), &state)
      note(reason, goesOn: false, ago: span, &state)
      write(object, isBoundary: isBoundary, &state)
    case .split(let reason):
      endClip(&state)
      begin(inits, [], boundaries: [], from: now, &state)
      note(reason, goesOn: true, ago: 0, &state)
      write(object, isBoundary: true, &state)
    }
  }

  /// - Parameters:
  ///   - boundaries: how many of the objects each group has.
  ///   - first: when the first of them was made.
  private func begin(
    _ inits: [RecordedObject], _ objects: [RecordedObject], boundaries: [Int], from first: UInt64,
    _ state: inout State
  ) {
    // A pre-roll from before the permission keeps the whole clip here.
    queue.offer(.begin(mayLeave: state.uploadSince.map { $0 <= first } ?? false))
    state.clipEpochs = []
    state.clipBytes = 0
    for (_, message) in state.messages.sorted(by: { $0.key < $1.key }) { put(message, &state) }
    for object in inits { write(object, isBoundary: false, &state) }
    var next = 0
    var group = boundaries.makeIterator()
    for (place, object) in objects.enumerated() {
      let isFirst = place == next
      if isFirst { next += group.next() ?? 0 }
      write(object, isBoundary: isFirst, &state)
    }
  }

  private func write(_ object: RecordedObject, isBoundary: Bool, _ state: inout State) {
    state.clipBytes += object.byteCount
    queue.offer(.object(object, isBoundary: isBoundary))
  }

  private func put(_ message: KeyMessage, _ state: inout State) {
    guard state.clipEpochs.insert(message.head.body.epoch).inserted else { return }
    queue.offer(.message(message))
  }

  private func note(_ reason: ClipMachine.Reason, goesOn: Bool, ago: UInt64, _ state: inout State) {
    let now = Clocks.unixMicroseconds()
    state.note = ClipNote(reason: reason, begin: now - min(now, ago / 1000), goesOn: goesOn)
  }

  /// Key messages are kept as long as the ring holds an object of their epoch.
  private func forgetMessages(_ state: inout State) {
    let newest = state.messages.keys.max() ?? 0
    var oldest = state.ring.oldestEpoch ?? newest
    state.messages = state.messages.filter { $0.key >= oldest }
    while state.messages.count > Self.messageLimit, !state.ring.isEmpty {
      state.ring.dropOldest()
      oldest = state.ring.oldestEpoch ?? newest
      state.messages = state.messages.filter { $0.key >= oldest }
    }
  }
}
