internal import Glibc
internal import PumpkiiCapture

// What is done when sound does not come.
extension PCMEngine {
  /// Nothing came: whether that is wrong is a question of time, and of the state that poll does not tell.
  func watch() throws(CaptureError) {
    let state = port.state
    if state != .running {
      try mend(PCMTrouble(error: 0, state: state), error: 0)
      return
    }
    let limit = isFirst ? Self.firstPatience : Self.patience
    guard port.now() &- lastSound >= limit else { return }
    stalls += 1
    guard stalls <= Self.mostStalls else { throw PCMFailure.frozen(pcm) }
    try recover("the microphone gave no sound for \(limit / 1_000_000_000) s", loss: .recovery, error: 0)
  }

  func mend(_ trouble: PCMTrouble, error: Int32) throws(CaptureError) {
    switch trouble {
    case .again: return
    case .gone: throw unplugged()
    case .overrun: try recover(trouble.reason, loss: .overrun, error: error)
    case .suspended: try recover(trouble.reason, loss: .suspended, error: error)
    case .stopped, .failed: try recover(trouble.reason, loss: .recovery, error: error)
    }
  }

  private func recover(_ reason: String, loss kind: CaptureLoss, error: Int32) throws(CaptureError) {
    guard budget.spend(at: port.now()) else {
      throw error < 0 && kind == .recovery
        ? PCMFailure.failed(pcm, "snd_pcm_readi", error) : PCMFailure.tooManyRecoveries(pcm, reason)
    }
    shared.update { $0.recoveries["recover", default: 0] += 1 }
    observer(.recovering(rung: "recover", reason: reason))
    if loss == nil { loss = kind }
    if kind == .suspended, try resumed() {
      lastSound = port.now()
      return
    }
    try again(port.prepare())
    try again(port.start())
    clock.latency = nil
    lastSound = port.now()
  }

  /// True where the card goes on by itself after its sleep.
  private func resumed() throws(CaptureError) -> Bool {
    for _ in 0..<Self.mostResumes {
      let result = port.resume()
      if result >= 0 { return port.state == .running }
      if PCMTrouble(error: result, state: port.state) == .gone { throw unplugged() }
      guard result == -EAGAIN else { return false }
      port.pause(milliseconds: 20)
    }
    return false
  }

  /// A step of a recovery that failed is left to the next recovery, which the budget bounds.
  private func again(_ result: Int32) throws(CaptureError) {
    guard result < 0 else { return }
    if PCMTrouble(error: result, state: port.state) == .gone { throw unplugged() }
    port.pause(milliseconds: 20)
  }

  private func unplugged() -> CaptureError {
    isGone = true
    return PCMFailure.unplugged(pcm)
  }
}
