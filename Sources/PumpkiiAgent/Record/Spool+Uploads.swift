internal import PumpkiiSystem
internal import Synchronization

// Which clips the relay has, and which it may have: `spool/uploads` and `spool/cloud`.
extension Spool {
  /// Whether the relay has the clip.
  package func isUploaded(_ number: UInt64) -> Bool { state.withLock { $0.uploads.reason(of: number) != nil } }

  /// The relay has the clip.
  /// - Throws: ``AgentError`` `home`; the next start then uploads it once more, which does no harm.
  func noteUpload(_ number: UInt64) throws(AgentError) {
    try turn.withLock { _ throws(AgentError) in
      let encoded = state.withLock { state in
        state.uploads.add(number, .uploaded)
        return state.uploads.encoded
      }
      try write(encoded, "uploads")
    }
    report.update { $0.newestUpload = max($0.newestUpload, number) }
  }

  /// Finished clips that the relay may have as far as their beginning decides, and has not; the oldest first.
  package var waiting: [SpooledClip] {
    state.withLock { state in
      state.clips.filter {
        state.uploads.reason(of: $0.number) == nil && (settings.uploadEarlier || state.released.contains($0.number))
      }
    }
  }

  /// How many finished clips the relay has, may have, and may not have until somebody releases them.
  var places: (stored: Int, waiting: Int, kept: Int) {
    let waiting = waiting.count
    return state.withLock { state in
      let stored = state.clips.count { state.uploads.reason(of: $0.number) != nil }
      return (stored, waiting, max(state.clips.count - stored - waiting, 0))
    }
  }

  /// Notes whether the relay may have a clip: that it may not holds at once, that it may once it is on the disk.
  /// - Throws: ``AgentError`` `home`; it may not, then, by what the disk says either.
  func note(_ number: UInt64, mayLeave: Bool) throws(AgentError) {
    try change(widens: mayLeave) { marks in if mayLeave { marks.insert(number) } else { marks.remove(number) } }
  }

  /// Somebody lets the relay have clips that began while it might not; nil is all of them. Blocks.
  /// - Throws: ``AgentError``: `policy` for a number without a clip, `home`.
  package func release(_ numbers: [UInt64]?) throws(AgentError) {
    let present = Set(clips.map(\.number))
    if let missing = numbers?.first(where: { !present.contains($0) }) {
      throw AgentError(
        .policy, "there is no clip \(missing) on this device",
        advice: "Name clips of its folder spool/clips, or --all.")
    }
    try change(widens: true) { marks in for number in numbers ?? present.sorted() { marks.insert(number) } }
  }

  private func change(widens: Bool, _ body: (inout ClipMarks) -> Void) throws(AgentError) {
    let isChanged = try turn.withLock { _ throws(AgentError) -> Bool in
      var marks = state.withLock { $0.released }
      let before = marks
      body(&marks)
      if marks == before { return false }
      if !widens { state.withLock { $0.released = marks } }
      do throws(AgentError) { try write(marks.encoded, "cloud") } catch {
        if !widens { forgetReleased() }
        throw error
      }
      state.withLock { state in
        state.released = marks
        state.isReleaseUnwritten = false
      }
      return true
    }
    if isChanged { report.update { _ in } }
  }

  /// A full disk takes no shorter list, but gives up the one that it has: without one every clip stays here.
  private func forgetReleased() {
    state.withLock { $0.isReleaseUnwritten = true }
    try? DurableFile.remove("\(folder)/cloud")
    try? DurableFile.syncFolder(of: "\(folder)/cloud")
  }

  /// There may be room again for the list.
  func rewriteReleased() {
    turn.withLock { _ in
      let marks = state.withLock { $0.isReleaseUnwritten ? $0.released : nil }
      guard let marks, (try? write(marks.encoded, "cloud")) != nil else { return }
      state.withLock { $0.isReleaseUnwritten = false }
    }
  }

  private func write(_ bytes: [UInt8], _ name: String) throws(AgentError) {
    let path = "\(folder)/\(name)"
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.write(bytes, to: path) }
  }
}
