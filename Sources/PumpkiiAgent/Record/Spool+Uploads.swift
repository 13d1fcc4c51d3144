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

  /// Notes whether the relay may have a clip, which holds at once.
  /// - Throws: ``AgentError`` `home`; a restart may then know the state before.
  func note(_ number: UInt64, mayLeave: Bool) throws(AgentError) {
    try change { marks in if mayLeave { marks.insert(number) } else { marks.remove(number) } }
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
    try change { marks in for number in numbers ?? present.sorted() { marks.insert(number) } }
  }

  private func change(_ body: (inout ClipMarks) -> Void) throws(AgentError) {
    let isChanged = try turn.withLock { _ throws(AgentError) -> Bool in
      let encoded = state.withLock { state -> [UInt8]? in
        let before = state.released
        body(&state.released)
        return state.released == before ? nil : state.released.encoded
      }
      guard let encoded else { return false }
      try write(encoded, "cloud")
      return true
    }
    if isChanged { report.update { _ in } }
  }

  private func write(_ bytes: [UInt8], _ name: String) throws(AgentError) {
    let path = "\(folder)/\(name)"
    try AgentHome.guarded { () throws(SystemError) in try DurableFile.write(bytes, to: path) }
  }
}
