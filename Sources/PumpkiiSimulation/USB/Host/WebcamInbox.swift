internal import Synchronization

/// What other threads want of a webcam, until its own thread looks.
final class WebcamInbox: Sendable {
  enum Order: Sendable {
    case perform(Fault)
    case shutter(isClosed: Bool)
    case detach
  }

  private static let capacity = 1024
  private let orders = Mutex([Order]())
  let waker: Waker

  /// - Throws: ``SimulationError`` when the process has no descriptors left.
  init() throws(SimulationError) { waker = try Waker() }

  func put(_ order: Order) {
    orders.withLock { orders in
      if case .detach = order { orders.removeAll() }
      if orders.count < Self.capacity { orders.append(order) }
    }
    waker.wake()
  }

  func take() -> [Order] {
    waker.rest()
    return orders.withLock { orders in
      defer { orders.removeAll() }
      return orders
    }
  }
}
