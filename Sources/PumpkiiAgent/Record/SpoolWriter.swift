internal import Logging
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

/// Writes clips: takes steps from the queue on a thread of its own and holds at most one open file. What a full
/// disk takes is counted; the oldest clips go first.
struct SpoolWriter {
  private struct Open {
    let number: UInt64
    var byteCount = 0
    var tally = ClipTally()
    /// Objects are passed over up to the next boundary, since one before could not be written.
    var isLosing = false
    /// What must stand before that boundary: nothing after it opens without.
    var owed = SpoolDebt()
  }

  /// A clip whose record the disk had no room for.
  private struct Unended {
    let number: UInt64
    let byteCount: Int
    let record: [UInt8]
  }

  /// Clips without their record, at most; the next start ends the others.
  private static let unendedLimit = 64
  private let spool: Spool
  private let queue: SpoolQueue
  private let logger: Logger
  private var open: Open?
  private var unended: [Unended] = []

  init(spool: Spool, queue: SpoolQueue, logger: Logger) {
    self.spool = spool
    self.queue = queue
    self.logger = logger
  }

  /// Returns when the queue is finished and empty.
  mutating func run() {
    spool.sweep()
    while let steps = queue.take() {
      write(steps)
      queue.wrote(steps.count)
    }
    end()
  }

  /// Objects that follow each other go to the disk in one piece.
  private mutating func write(_ steps: [SpoolStep]) {
    var piece: [RecordedObject] = []
    for step in steps {
      if case .object(let object, let isBoundary) = step {
        if open?.isLosing == true {
          guard isBoundary, payKeys() else {
            lose([object])
            continue
          }
          piece = open?.owed.takeInits() ?? []
          open?.isLosing = false
        }
        piece.append(object)
        continue
      }
      put(&piece)
      take(step)
    }
    put(&piece)
  }

  private mutating func take(_ step: SpoolStep) {
    switch step {
    case .begin(let mayLeave): begin(mayLeave)
    case .message(let message): put(message)
    case .end: end()
    case .stay: stay()
    case .discard: discard()
    case .sweep:
      endLate()
      spool.sweep(open: open?.byteCount ?? 0)
    case .object: break
    }
  }

  private mutating func begin(_ mayLeave: Bool) {
    end()
    spool.sweep()
    do throws(AgentError) {
      let number = try spool.withRoom { () throws(AgentError) in try spool.reserve() }
      open = Open(number: number)
      // Without the mark it stays on the device.
      if mayLeave { try? spool.withRoom { () throws(AgentError) in try spool.note(number, mayLeave: true) } }
      // Its name is on the disk before its bytes are; a disk that cannot do it says so with the first of them.
      try? DurableFile.write([], to: spool.openPath(number))
      spool.report.update { $0.openClip = number }
    } catch {
      trouble("no clip can be begun: \(error.reason)")
      queue.begunNone()
    }
  }

  private mutating func put(_ message: KeyMessage) {
    guard let open, !open.tally.holds(epoch: message.head.body.epoch) else { return }
    guard append(message.items.flatMap(\.bytes), sync: true) else {
      self.open?.isLosing = true
      self.open?.owed.note(message)
      return
    }
    self.open?.tally.note(message.head.body)
  }

  /// Writes the key messages that a full disk did not take.
  /// - Returns: false when it still does not.
  private mutating func payKeys() -> Bool {
    while let message = open?.owed.messages.first {
      guard append(message.items.flatMap(\.bytes), sync: true) else { return false }
      open?.tally.note(message.head.body)
      open?.owed.messages.removeFirst()
    }
    return true
  }

  private mutating func put(_ piece: inout [RecordedObject]) {
    guard !piece.isEmpty else { return }
    defer { piece = [] }
    let ends = piece.contains { $0.header.flags.contains(.endOfSegment) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(piece.reduce(0) { $0 + $1.byteCount })
    for object in piece { unsafe object.memory.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) } }
    guard append(bytes, sync: ends) else {
      lose(piece)
      open?.isLosing = true
      return
    }
    for object in piece { open?.tally.note(object.header) }
  }

  /// Adds to the open clip, or leaves it as it was.
  private mutating func append(_ bytes: [UInt8], sync: Bool) -> Bool {
    guard let clip = open else { return false }
    let path = spool.openPath(clip.number)
    do throws(AgentError) {
      try spool.withRoom(for: bytes.count) { () throws(AgentError) in
        do throws(SystemError) {
          try DurableFile.append(bytes, to: path, sync: sync)
        } catch {
          // Half of it may be there.
          try? DurableFile.cut(path, to: clip.byteCount)
          throw AgentError(.home, "\(error)", advice: "")
        }
      }
    } catch {
      trouble("a clip cannot be written: \(error.reason)")
      return false
    }
    open?.byteCount += bytes.count
    recovered()
    return true
  }

  private mutating func stay() {
    guard let number = open?.number else { return }
    do throws(AgentError) { try spool.note(number, mayLeave: false) } catch {
      trouble("that clip \(number) stays here cannot be written: \(error.reason)")
    }
  }

  private mutating func end() {
    guard let clip = open.take() else { return }
    spool.report.update { $0.openClip = nil }
    guard let record = clip.tally.record(device: spool.device, number: clip.number, ending: .closed) else {
      return spool.abandon(clip.number, .lost)
    }
    let ended = Unended(
      number: clip.number, byteCount: clip.byteCount, record: Spool.item(spool.identity.sign(record, .clip)))
    do throws(AgentError) {
      try spool.withRoom { () throws(AgentError) in try close(ended) }
      recovered()
    } catch {
      // It is tried again with each sweep, and by the next start.
      trouble("a clip cannot be ended: \(error.reason)")
      if unended.count < Self.unendedLimit { unended.append(ended) }
    }
    spool.sweep()
  }

  /// There may be room again for the records of clips that ended on a full disk.
  private mutating func endLate() {
    guard !unended.isEmpty else { return }
    let before = unended.count
    unended = unended.filter { (try? close($0)) == nil }
    if unended.count < before { recovered() }
  }

  /// - Throws: ``AgentError`` `home`; the clip is then as it was.
  private func close(_ ended: Unended) throws(AgentError) {
    do throws(SystemError) {
      try spool.close(ended.number, ended.record)
    } catch {
      try? DurableFile.cut(spool.openPath(ended.number), to: ended.byteCount)
      throw AgentError(.home, "\(error)", advice: "")
    }
  }

  private func recovered() {
    if spool.report.value.trouble != nil { spool.report.update { $0.trouble = nil } }
  }

  private mutating func discard() {
    guard let clip = open.take() else { return }
    spool.report.update { $0.openClip = nil }
    spool.abandon(clip.number, .withdrawn)
  }

  private mutating func lose(_ objects: [RecordedObject]) {
    spool.report.update { $0.lostObjects += objects.count }
    for object in objects { open?.owed.note(object) }
  }

  /// Once, not for every object.
  private func trouble(_ text: String) {
    let isNew = spool.report.update { state in
      defer { state.trouble = text }
      return state.trouble != text
    }
    if isNew { logger.error("\(text)", metadata: ["code": "agent-record"]) }
  }
}
