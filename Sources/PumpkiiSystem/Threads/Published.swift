internal import Synchronization

/// A value that one side sets and many sides wait on; only the newest matters, so nothing queues.
package final class Published<Value: Sendable>: Sendable {
  private struct State {
    var value: Value
    var version: UInt64 = 1
    var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    var nextWaiter: UInt64 = 0
  }

  private let state: Mutex<State>

  package init(_ value: Value) { state = Mutex(State(value: value)) }

  package var value: Value { state.withLock { $0.value } }

  /// Replaces the value and wakes everybody who waits.
  package func set(_ value: Value) { update { $0 = value } }

  /// Changes the value in one step and wakes everybody who waits.
  package func update<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
    let (result, waiters) = state.withLock { state in
      let result = body(&state.value)
      state.version += 1
      defer { state.waiters.removeAll() }
      return (result, Array(state.waiters.values))
    }
    for waiter in waiters { waiter.resume() }
    return result
  }

  /// The value and its version, at once when it is newer than `version`, else when it changes; also returns when the
  /// task is cancelled.
  package func next(after version: UInt64) async -> (value: Value, version: UInt64) {
    let id = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ready = state.withLock { state in
          if state.version > version || Task.isCancelled { return true }
          state.waiters[id] = continuation
          return false
        }
        if ready { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiters.removeValue(forKey: id) }?.resume()
    }
    return state.withLock { ($0.value, $0.version) }
  }

  /// Waits until `condition` holds; false when the task was cancelled before.
  package func wait(until condition: (Value) -> Bool) async -> Bool {
    var seen: UInt64 = 0
    while !Task.isCancelled {
      let (value, version) = await next(after: seen)
      if condition(value) { return true }
      seen = version
    }
    return false
  }

  /// Waits until the value is newer than `version`, but no longer than `pause`; also returns when the task is
  /// cancelled.
  package func wait(after version: UInt64, atMost pause: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await self.next(after: version) }
      group.addTask { try? await Task.sleep(for: pause) }
      await group.next()
      group.cancelAll()
    }
  }
}
