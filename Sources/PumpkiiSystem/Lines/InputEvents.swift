internal import CLibEvdev
internal import Glibc

/// Events of an input device (evdev), for one key or switch.
package final class InputEvents: Sendable {
  /// A key or a switch of an input device.
  package struct Code: Sendable, Hashable {
    /// EV_SW where true, EV_KEY else.
    package var isSwitch: Bool
    /// `SW_…` or `KEY_…` of `linux/input-event-codes.h`.
    package var number: UInt16

    package init(isSwitch: Bool, number: UInt16) {
      self.isSwitch = isSwitch
      self.number = number
    }
  }

  /// Whether a key or switch is on now, as EVIOCGKEY and EVIOCGSW say it.
  /// - Throws: ``SystemError``.
  package typealias StateQuery = @Sendable (_ descriptor: Int32, Code) throws(SystemError) -> Bool

  /// `struct input_event` on every 64-bit Linux: a time of 16 bytes, type, code, value.
  private static let eventBytes = 24
  private static let dropped: (type: UInt16, code: UInt16) = (0, 3)

  private let wait: DescriptorWait
  private let code: Code
  private let query: StateQuery

  package init(_ wait: DescriptorWait, _ code: Code, query: @escaping StateQuery = InputEvents.state) {
    self.wait = wait
    self.code = code
    self.query = query
  }

  /// Asks the device.
  /// - Throws: ``SystemError``, also for what is no input device.
  package static func state(_ descriptor: Int32, _ code: Code) throws(SystemError) -> Bool {
    let result = pk_evdev_state(descriptor, code.isSwitch ? 1 : 0, UInt32(code.number))
    if result < 0 { throw SystemError("EVIOCG", errno: -result, "input device") }
    return result == 1
  }

  /// Whether it is on now.
  /// - Throws: ``SystemError``.
  package func isOn() throws(SystemError) -> Bool { try query(wait.descriptor, code) }

  /// Waits for its next change.
  /// - Returns: whether it is on then; nil when the wait was ended by ``wake()``.
  /// - Throws: ``SystemError``, also when the device is gone.
  package func next() throws(SystemError) -> Bool? {
    while try wait.wait() {
      let bytes = try wait.read(Self.eventBytes * 64)
      var last: Bool?
      for start in stride(from: 0, through: bytes.count - Self.eventBytes, by: Self.eventBytes) {
        let event = Event(bytes[start..<start + Self.eventBytes])
        // The kernel's queue ran over: only the device itself knows, and what stands behind is older than its answer.
        if (event.type, event.code) == Self.dropped { return try isOn() }
        // 2 is a key that repeats: it is held.
        if event.type == (code.isSwitch ? 5 : 1), event.code == code.number { last = event.value != 0 }
      }
      if let last { return last }
    }
    return nil
  }

  /// Ends ``next()``, from any thread.
  package func wake() { wait.wake() }

  private struct Event {
    let type: UInt16
    let code: UInt16
    let value: Int32

    init(_ bytes: ArraySlice<UInt8>) {
      let fields = unsafe Array(bytes.dropFirst(16)).withUnsafeBytes { raw in
        unsafe (
          raw.loadUnaligned(fromByteOffset: 0, as: UInt16.self), raw.loadUnaligned(fromByteOffset: 2, as: UInt16.self),
          raw.loadUnaligned(fromByteOffset: 4, as: Int32.self)
        )
      }
      (type, code, value) = fields
    }
  }
}
