internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import Synchronization

/// One consumer's place at the ``PreviewDesk``: its queue, and the bell that its writer waits on.
package final class PreviewSeat: Sendable {
  package let kind: PreviewWants.Kind
  let queue: Mutex<PreviewQueue>
  private let bell = Mailbox<Void>(capacity: 1)
  private let hasEnded = Mutex(false)
  private let isTold = Mutex(false)
  private let newestOff = Mutex<ContinuousClock.Instant?>(nil)

  init(_ kind: PreviewWants.Kind, _ queue: PreviewQueue) {
    self.kind = kind
    self.queue = Mutex(queue)
  }

  /// Nobody reads here any more.
  package var isOver: Bool { hasEnded.withLock { $0 } }

  func ring() { bell.put(()) }

  /// The writer is to stop, at once.
  package func end() {
    hasEnded.withLock { $0 = true }
    bell.finish()
  }

  /// Notes that it is denied, or no longer.
  /// - Returns: true when a denial begins.
  func note(isDenied: Bool) -> Bool {
    isTold.withLock { isTold in
      defer { isTold = isDenied }
      return isDenied && !isTold
    }
  }

  /// Whether the last off picture is so long ago; moves the clock on when it is.
  func isOffDue(after pause: Duration) -> Bool {
    newestOff.withLock { newest in
      let now = ContinuousClock.now
      // Woken a hair early, it counts all the same.
      if let newest, newest.duration(to: now) < pause * 0.9 { return false }
      newest = now
      return true
    }
  }

  /// Waits until something is new, or for so long.
  func wait(atMost limit: Duration) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await self.bell.next() }
      group.addTask { try? await Task.sleep(for: limit) }
      await group.next()
      group.cancelAll()
    }
  }
}
