/// Transfers of one endpoint that wait for data, the oldest first.
struct TransferQueue: Sendable {
  /// Drivers keep five to sixteen waiting; more than this is no driver.
  static let capacity = 256
  private var waiting: [USBTransfer] = []

  var isEmpty: Bool { waiting.isEmpty }
  var first: USBTransfer? { waiting.first }

  /// - Returns: false when there is no room.
  mutating func add(_ transfer: USBTransfer) -> Bool {
    guard waiting.count < Self.capacity else { return false }
    waiting.append(transfer)
    return true
  }

  mutating func take() -> USBTransfer? { waiting.isEmpty ? nil : waiting.removeFirst() }

  /// The host takes one back.
  /// - Returns: whether it was still waiting.
  mutating func remove(_ sequence: UInt32) -> Bool {
    guard let index = waiting.firstIndex(where: { $0.sequence == sequence }) else { return false }
    waiting.remove(at: index)
    return true
  }
}
