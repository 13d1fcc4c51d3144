internal import Synchronization

/// A bounded handover from a device's thread to a task: never waits on the giving side; when it is full the oldest
/// goes, counted and handed to `lost`.
package final class Mailbox<Element: Sendable>: Sendable {
  private struct State {
    var items: [Element] = []
    var waiter: CheckedContinuation<Void, Never>?
    var finished = false
    var dropped = 0
  }

  private let state = Mutex(State())
  /// Elements held at most.
  package let capacity: Int

  package init(capacity: Int) { self.capacity = max(capacity, 1) }

  /// How many elements were lost because nobody took them in time.
  package var dropped: Int { state.withLock { $0.dropped } }

  /// Puts one element in.
  /// - Returns: the element that had to go for it, nil when there was room.
  @discardableResult
  package func put(_ element: Element) -> Element? {
    let (lost, waiter) = state.withLock { state -> (Element?, CheckedContinuation<Void, Never>?) in
      guard !state.finished else { return (element, nil) }
      var lost: Element?
      if state.items.count >= capacity {
        lost = state.items.removeFirst()
        state.dropped += 1
      }
      state.items.append(element)
      defer { state.waiter = nil }
      return (lost, state.waiter)
    }
    waiter?.resume()
    return lost
  }

  /// No element follows; those inside are still handed out.
  package func finish() {
    let waiter = state.withLock { state in
      state.finished = true
      defer { state.waiter = nil }
      return state.waiter
    }
    waiter?.resume()
  }

  /// The oldest element, waiting for one; nil after ``finish()`` when all are taken, or when the task is cancelled.
  /// One task at a time.
  package func next() async -> Element? {
    while true {
      if let item = state.withLock({ $0.items.isEmpty ? nil : $0.items.removeFirst() }) { return item }
      if Task.isCancelled || state.withLock({ $0.finished }) { return nil }
      await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          let ready = state.withLock { state in
            if !state.items.isEmpty || state.finished || Task.isCancelled { return true }
            state.waiter = continuation
            return false
          }
          if ready { continuation.resume() }
        }
      } onCancel: {
        let waiter = state.withLock { state in
          defer { state.waiter = nil }
          return state.waiter
        }
        waiter?.resume()
      }
    }
  }
}
