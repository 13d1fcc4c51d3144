internal import PumpkiiChain
package import PumpkiiSystem
package import PumpkiiVault
internal import PumpkiiWire
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
  }

  let folder: String
  let identity: SigningIdentity
  let settings: RecordSettings
  let numbers: ClipNumbers
  let state = Mutex(State())
  /// One writer of the lists at a time, so that the newest is what stays.
  let turn = Mutex<Void>(())
  /// What changed last on the disk.
  package let report: Published<RecorderState>

  /// Makes the folder; nothing is read yet.
  /// - Throws: ``AgentError`` `home`.
  package init(
    folder: String, identity: SigningIdentity, settings: RecordSettings, report: Published<RecorderState>
  ) throws(AgentError) {
    self.folder = folder
    self.identity = identity
    self.settings = settings
    self.report = report
    numbers = ClipNumbers(path: "\(folder)/number")
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.makeFolder("\(folder)/clips") }
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

  /// Takes stock at start: ends what a crash cut off, and explains numbers that came to nothing.
  /// - Throws: ``AgentError`` `home`.
  package func heal() throws(AgentError) {
    let names = try AgentHome.guarded { () throws(SystemError) in try DurableFile.list("\(folder)/clips") }
    for name in names {
      guard let dot = name.lastIndex(of: "."), let number = UInt64(name[..<dot]) else { continue }
      if name.hasSuffix(".open") { try heal(number) }
      if name.hasSuffix(".pumpkii") { admit(number) }
    }
    let last = try numbers.last()
    try explain { index, clips in index.explainGaps(upTo: last, present: clips.map(\.number)) }
  }

  /// Keeps what is whole and genuine of a clip that was cut off, above all its whole segments, which were synced.
  private func heal(_ number: UInt64) throws(AgentError) {
    let path = openPath(number)
    let scan = try ClipScan(path: path, key: identity.publicKey, verifies: true)
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
  /// - Throws: ``SystemError``.
  func close(_ number: UInt64, _ record: [UInt8]) throws(SystemError) {
    try DurableFile.append(record, to: openPath(number))
    try DurableFile.rename(openPath(number), to: path(number))
    admit(number)
  }

  /// Removes an open clip or one that came to nothing.
  func abandon(_ number: UInt64, _ reason: ClipIndex.Reason) {
    try? DurableFile.remove(openPath(number))
    try? explain { index, _ in index.add(number, reason) }
  }

  /// Removes a finished clip, the explanation first.
  /// - Throws: ``AgentError`` `home`; the clip may then still be there.
  package func remove(_ number: UInt64, _ reason: ClipIndex.Reason) throws(AgentError) {
    // On a full disk the explanation may not fit before the clip is gone.
    let isExplained = (try? explain { index, _ in index.add(number, reason) }) != nil
    let path = path(number)
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.remove(path) }
    state.withLock { $0.clips.removeAll { $0.number == number } }
    publish()
    if !isExplained { try? explain { _, _ in } }
  }

  /// Removes the oldest clip for want of room.
  /// - Returns: false when there is none.
  func makeRoom(_ reason: ClipIndex.Reason) -> Bool {
    guard let oldest = clips.first else { return false }
    return (try? remove(oldest.number, reason)) != nil
  }

  /// Holds the bounds of days and bytes, the oldest first; recording goes on meanwhile.
  /// - Parameter open: bytes of the clip that is being written.
  package func sweep(open: Int = 0, now: UInt64 = Clocks.unixMicroseconds() / 1_000_000) {
    let age = UInt64(settings.days) * 86_400
    while let oldest = clips.first, now > oldest.modified, now - oldest.modified > age {
      guard makeRoom(.days) else { return }
    }
    while clips.reduce(open, { $0 + $1.byteCount }) > settings.bytes {
      guard makeRoom(.bytes) else { return }
    }
  }

  private func admit(_ number: UInt64) {
    let path = path(number)
    guard let status = DurableFile.status(path) else { return }
    let clip = SpooledClip(number: number, path: path, byteCount: status.byteCount, modified: status.modified)
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
