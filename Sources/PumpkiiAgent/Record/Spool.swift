package import Logging
internal import PumpkiiChain
package import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire
internal import Synchronization

/// The folder of clips: `spool/clips/NUMBER.pumpkii`, each a kept file with the clip record as its last item, so
/// that it is written from front to back, once; `NUMBER.open` while it is written; `spool/number` and `spool/index`
/// beside. Its calls block: for the writing thread and other threads of our own.
package final class Spool: Sendable {
  struct State {
    var clips: [SpooledClip] = []
    var index = ClipIndex()
    /// The disk has an older index.
    var isUnwritten = false
    /// Clips that the relay has.
    var uploads = ClipIndex()
    /// Clips that the relay may have: made while it might, or released by somebody. What is not marked stays.
    var released = ClipMarks()
    /// The disk has an older list of them, or none.
    var isReleaseUnwritten = false
  }

  let folder: String
  let identity: SigningIdentity
  let settings: RecordSettings
  private let logger: Logger?
  let numbers: ClipNumbers
  let state = Mutex(State())
  /// One writer of the lists at a time, so that the newest is what stays.
  let turn = Mutex<Void>(())
  /// What changed last on the disk.
  package let report: Published<RecorderState>

  /// Makes the folder; nothing is read yet.
  /// - Throws: ``AgentError`` `home`.
  package init(
    folder: String, identity: SigningIdentity, settings: RecordSettings, report: Published<RecorderState>,
    logger: Logger? = nil
  ) throws(AgentError) {
    self.logger = logger
    self.folder = folder
    self.identity = identity
    self.settings = settings
    self.report = report
    numbers = ClipNumbers(path: "\(folder)/number")
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.makeFolder("\(folder)/clips") }
    // What a kill in the middle of a write left would add up; nobody writes yet.
    let names = try AgentHome.guarded { () throws(SystemError) in try DurableFile.list(folder) }
    for name in names where name.contains(".new.") { try? DurableFile.remove("\(folder)/\(name)") }
    let bytes = try AgentHome.guarded { () throws(SystemError) in try DurableFile.read("\(folder)/index") }
    let uploads = try AgentHome.guarded { () throws(SystemError) in try DurableFile.read("\(folder)/uploads") }
    let released = try AgentHome.guarded { () throws(SystemError) in try DurableFile.read("\(folder)/cloud") }
    let last = try numbers.last()
    state.withLock { state in
      state.index = bytes.map(ClipIndex.init(decoding:)) ?? ClipIndex()
      state.uploads = uploads.map(ClipIndex.init(decoding:)) ?? ClipIndex()
      state.released = released.map(ClipMarks.init(decoding:)) ?? ClipMarks()
    }
    report.update { $0.highestClip = last }
  }

  /// Finished clips, the oldest first.
  package var clips: [SpooledClip] { state.withLock { $0.clips } }

  /// Why there is no clip of this number; nil when there is one, or there never was.
  package func absence(of number: UInt64) -> ClipIndex.Reason? { state.withLock { $0.index.reason(of: number) } }

  package func path(_ number: UInt64) -> String { "\(folder)/clips/\(number).pumpkii" }
  func openPath(_ number: UInt64) -> String { "\(folder)/clips/\(number).open" }

  /// Takes stock at start: ends what a crash cut off, and explains numbers that came to nothing. What is finished comes
  /// first: on a full disk the oldest of it makes room for the end of what was cut off.
  /// - Parameter isGranted: whether what holds these classes may still be kept, where the owner wants it removed if not.
  /// - Throws: ``AgentError`` `home`, with everything healed that could be; the next start heals the rest.
  package func heal(isGranted: (ClassMask) -> Bool = { _ in true }) throws(AgentError) {
    var open: [UInt64] = []
    for (number, isOpen) in try numbersOnDisk() {
      if isRemoved(number) {
        // Its removal was cut short after it was explained.
        try? DurableFile.remove(isOpen ? openPath(number) : path(number))
      } else if isOpen {
        open.append(number)
      } else {
        admit(number)
      }
    }
    var problem: AgentError?
    var unhealed: [UInt64] = []
    for number in open.sorted() {
      do throws(AgentError) {
        try withRoom { () throws(AgentError) in try heal(number, isGranted) }
      } catch {
        problem = error
        unhealed.append(number)
      }
    }
    let last = try numbers.last()
    try explain { index, clips in index.explainGaps(upTo: last, present: clips.map(\.number) + unhealed) }
    if let problem { throw problem }
  }

  /// Takes stock of what is finished, and changes nothing: for who looks while no agent runs.
  /// - Throws: ``AgentError`` `home`.
  func survey() throws(AgentError) {
    for (number, isOpen) in try numbersOnDisk() where !isOpen { admit(number) }
  }

  private func numbersOnDisk() throws(AgentError) -> [(number: UInt64, isOpen: Bool)] {
    let names = try AgentHome.guarded { () throws(SystemError) in try DurableFile.list("\(folder)/clips") }
    return names.compactMap { name in
      guard let dot = name.lastIndex(of: "."), let number = UInt64(name[..<dot]) else { return nil }
      switch name[dot...] {
      case ".open": return (number, true)
      case ".pumpkii": return (number, false)
      default: return nil
      }
    }
  }

  /// What was called lost may have been healed since.
  private func isRemoved(_ number: UInt64) -> Bool { absence(of: number).map { $0 != .lost } ?? false }

  /// Keeps what is whole and genuine of a clip that was cut off, above all its whole segments, which were synced.
  private func heal(_ number: UInt64, _ isGranted: (ClassMask) -> Bool) throws(AgentError) {
    let path = openPath(number)
    let scan = try ClipScan(path: path, key: identity.publicKey, verifies: true)
    // Withdrawn while nobody ran, or by whom a crash kept from removing it.
    if settings.onWithdraw == .delete, !isGranted(scan.tally.classes) { return abandon(number, .withdrawn) }
    let body = scan.tally.record(device: device, number: number, ending: .healed)
    guard let item = scan.record ?? body.map({ identity.sign($0, .clip) }).map({ Self.item($0) }) else {
      return try AgentHome.guarded { () throws(SystemError) in try DurableFile.remove(path) }
    }
    try AgentHome.guarded { () throws(SystemError) in
      try DurableFile.cut(path, to: scan.bodyByteCount)
      try close(number, item)
    }
  }

  var device: DeviceID { DeviceID(of: identity.publicKey) }

  static func item(_ record: Signed<ClipRecord>) -> [UInt8] { WireItem.control(.clip, record.bytes).bytes }

  /// The next clip's number.
  /// - Throws: ``AgentError`` `home`.
  package func reserve() throws(AgentError) -> UInt64 {
    let number = try numbers.next()
    report.update { $0.highestClip = number }
    return number
  }

  /// Puts the record behind the open clip and gives it its name.
  /// - Throws: ``SystemError``; it may be called again.
  package func close(_ number: UInt64, _ record: [UInt8]) throws(SystemError) {
    let (open, finished) = (openPath(number), path(number))
    // It has its name already where only the folder could not be synced: a file begun anew would replace it.
    if !DurableFile.exists(open), DurableFile.exists(finished) {
      try DurableFile.syncFolder(of: finished)
    } else {
      try DurableFile.append(record, to: open)
      try DurableFile.rename(open, to: finished)
    }
    admit(number, ended: Clocks.monotonic() / 1_000_000_000)
  }

  /// Removes an open clip or one that came to nothing, the explanation first.
  func abandon(_ number: UInt64, _ reason: ClipIndex.Reason) {
    let isExplained = (try? explain { index, _ in index.add(number, reason) }) != nil
    try? DurableFile.remove(openPath(number))
    if !isExplained { try? explain { _, _ in } }
  }

  /// Removes a finished clip, the explanation first.
  /// - Throws: ``AgentError`` `home`; the clip may then still be there.
  package func remove(_ number: UInt64, _ reason: ClipIndex.Reason) throws(AgentError) {
    let isUnsent = reason.isRetention && waiting.contains { $0.number == number }
    // On a full disk the explanation may not fit before the clip is gone.
    let isExplained = (try? explain { index, _ in index.add(number, reason) }) != nil
    let path = path(number)
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.remove(path) }
    state.withLock { $0.clips.removeAll { $0.number == number } }
    report.update { report in
      report.removed[reason, default: 0] += 1
      if isUnsent { report.unsent += 1 }
    }
    if isUnsent {
      logger?.warning(
        "clip \(number) is gone before the relay had it: \(reason.words)", metadata: ["code": "agent-record"])
    }
    publish()
    if !isExplained { try? explain { _, _ in } }
  }

  /// Removes the oldest clip for want of room.
  /// - Returns: false when there is none.
  func makeRoom(_ reason: ClipIndex.Reason) -> Bool {
    guard let oldest = clips.first else { return false }
    return (try? remove(oldest.number, reason)) != nil
  }

  /// Tries again as long as an older clip can go for it.
  /// - Parameter byteCount: how much it is to write.
  /// - Throws: what `body` threw last.
  func withRoom<Result>(
    for byteCount: Int = 0, _ body: () throws(AgentError) -> Result
  ) throws(AgentError) -> Result {
    while true {
      do throws(AgentError) {
        return try body()
      } catch {
        guard DurableFile.isFull(folder, for: byteCount), makeRoom(.full) else { throw error }
      }
    }
  }

  /// Holds the bounds of days and bytes, the oldest first; recording goes on meanwhile.
  /// - Parameters:
  ///   - open: bytes of the clip that is being written.
  ///   - now: Unix s.
  ///   - uptime: CLOCK_MONOTONIC in s.
  package func sweep(
    open: Int = 0, now: UInt64 = Clocks.unixMicroseconds() / 1_000_000,
    uptime: UInt64 = Clocks.monotonic() / 1_000_000_000
  ) {
    let age = UInt64(settings.days) * 86_400
    // Each by itself: one from while the clock was ahead is no reason to keep those after it.
    for clip in clips where clip.age(now: now, uptime: uptime) > age { try? remove(clip.number, .days) }
    while clips.reduce(open, { $0 + $1.byteCount }) > settings.bytes {
      guard makeRoom(.bytes) else { break }
    }
    date(now: now, uptime: uptime)
    rewriteReleased()
  }

  /// Clips of this run are dated anew when the clock was set: the next start knows their age by nothing else.
  private func date(now: UInt64, uptime: UInt64) {
    let moved = state.withLock { state in
      state.clips.indices.compactMap { place -> SpooledClip? in
        state.clips[place].wasDated(now: now, uptime: uptime) ? state.clips[place] : nil
      }
    }
    for clip in moved { try? DurableFile.date(clip.path, clip.modified) }
  }

  private func admit(_ number: UInt64, ended: UInt64? = nil) {
    let path = path(number)
    guard let status = DurableFile.status(path) else { return }
    let clip = SpooledClip(
      number: number, path: path, byteCount: status.byteCount, modified: status.modified, ended: ended)
    state.withLock { state in
      state.clips.removeAll { $0.number == number }
      state.clips.append(clip)
      state.clips.sort { $0.number < $1.number }
    }
    publish()
  }

  private func publish() {
    let (count, bytes) = state.withLock { ($0.clips.count, $0.clips.reduce(0) { $0 + $1.byteCount }) }
    report.update {
      $0.clips = count
      $0.bytes = bytes
    }
  }

  /// - Throws: ``AgentError`` `home`.
  private func explain(_ body: (inout ClipIndex, [SpooledClip]) -> Void) throws(AgentError) {
    let path = "\(folder)/index"
    try turn.withLock { _ throws(AgentError) in
      let encoded = state.withLock { state -> [UInt8]? in
        let before = state.index
        body(&state.index, state.clips)
        if state.index != before { state.isUnwritten = true }
        return state.isUnwritten ? state.index.encoded : nil
      }
      guard let encoded else { return }
      try AgentHome.guarded { () throws(SystemError) in try DurableFile.write(encoded, to: path) }
      state.withLock { $0.isUnwritten = false }
    }
  }
}
