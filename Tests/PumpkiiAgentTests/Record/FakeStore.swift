import PumpkiiAgent
import PumpkiiSystem
import PumpkiiTransport

/// A store that can be slow, broken, or choosy.
final class FakeStore: ClipStore {
  struct State: Sendable {
    var stored: [UInt64: [UInt8]] = [:]
    var failures = 0
    var refused: Set<UInt64> = []
    /// Clips that never arrive, whoever is asked how often.
    var broken: Set<UInt64> = []
    var hangs = false
    var cancelled = 0
    var begun = 0
    var order: [UInt64] = []
    var asked = 0
  }
  let state = Published(State())

  func put(_ number: UInt64, _ body: FileBody) async throws(TransportError) {
    state.update { $0.begun += 1 }
    if state.value.hangs {
      guard await state.wait(until: { !$0.hangs }) else {
        state.update { $0.cancelled += 1 }
        throw TransportError(.cancelled, "cancelled")
      }
    }
    let fails = state.update { state in
      defer { state.failures = max(state.failures - 1, 0) }
      return state.failures > 0
    }
    if fails || state.value.broken.contains(number) { throw TransportError(.closed, "as the test wants it") }
    if state.value.refused.contains(number) { throw TransportError(.refused, "no", status: 410) }
    do {
      var bytes: [UInt8] = []
      for try await piece in body { bytes += piece }
      let whole = bytes
      state.update { state in
        state.stored[number] = whole
        state.order.append(number)
      }
    } catch { throw TransportError(.closed, "\(error)") }
  }
}
