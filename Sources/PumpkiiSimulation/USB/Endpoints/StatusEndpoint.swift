/// Interrupts by which the camera tells that a control changed without being asked.
package struct StatusEndpoint: Sendable {
  private static let capacity = 16
  private var queue = TransferQueue()
  private var events: [[UInt8]] = []

  /// An endpoint with nothing to tell.
  package init() {}

  /// A transfer waits for an event.
  /// - Returns: false when there is no room.
  package mutating func add(_ transfer: USBTransfer) -> Bool { queue.add(transfer) }

  /// The host takes a transfer back.
  package mutating func remove(_ sequence: UInt32) -> Bool { queue.remove(sequence) }

  /// The shutter was moved by hand.
  package mutating func shutterMoved(closed: Bool) {
    // From the VideoControl interface: control change of the camera terminal, its value.
    events.append([1, WebcamLayout.cameraTerminal, 0, ControlTable.privacy.selector, 0, closed ? 1 : 0])
    // Nobody listens: the driver asks for the state when it does.
    if events.count > Self.capacity { events.removeFirst() }
  }

  /// The answers that can be given now.
  package mutating func answers() -> [[UInt8]] {
    var answers: [[UInt8]] = []
    while !events.isEmpty, let transfer = queue.take() {
      answers.append(USBIPReply.submitted(transfer, data: events.removeFirst().prefix(transfer.length)))
    }
    return answers
  }
}
