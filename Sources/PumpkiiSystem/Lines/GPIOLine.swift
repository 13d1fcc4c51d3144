internal import CLibGPIO
internal import Glibc

/// Which line of which GPIO chip.
package struct GPIOPlace: Sendable, Hashable, CustomStringConvertible {
  /// `gpiochip0`, or a path.
  package var chip: String
  /// Its number on the chip, from 0.
  package var line: UInt32
  /// It is on where the wire is at ground.
  package var isActiveLow: Bool
  /// Nil leaves it as the board has it.
  package var pull: Pull?

  /// The chip's own resistor.
  package enum Pull: String, Sendable, CaseIterable {
    case up
    case down
  }

  package init(chip: String, line: UInt32, isActiveLow: Bool = false, pull: Pull? = nil) {
    self.chip = chip
    self.line = line
    self.isActiveLow = isActiveLow
    self.pull = pull
  }

  package var path: String { chip.hasPrefix("/") ? chip : "/dev/\(chip)" }
  package var description: String { "\(chip) line \(line)" }
}

/// One line of a GPIO chip, held until it goes. An output falls back to what the board makes of it then.
package final class GPIOLine: Sendable {
  private let wait: DescriptorWait
  private let place: GPIOPlace

  /// Takes the line: as an output that is off, or as an input that tells both edges.
  /// - Throws: ``SystemError``: ENOENT without the chip, EBUSY while another program has the line.
  package init(_ place: GPIOPlace, isOutput: Bool) throws(SystemError) {
    self.place = place
    let chip = try DurableFile.open(place.path, O_RDWR | O_CLOEXEC, 0)
    defer { close(chip) }
    let line = pk_gpio_line(chip, place.line, isOutput ? 1 : 0, place.isActiveLow ? 1 : 0, place.pull?.direction ?? 0)
    guard line >= 0 else { throw SystemError("GPIO_V2_GET_LINE", errno: -line, place.description) }
    _ = fcntl(line, F_SETFL, O_NONBLOCK)
    _ = fcntl(line, F_SETFD, FD_CLOEXEC)
    wait = try DescriptorWait(line, place.description)
  }

  /// Sets an output.
  /// - Throws: ``SystemError``.
  package func set(_ isOn: Bool) throws(SystemError) {
    let result = pk_gpio_set(wait.descriptor, isOn ? 1 : 0)
    if result < 0 { throw SystemError("GPIO_V2_LINE_SET_VALUES", errno: -result, place.description) }
  }

  /// The line's present value.
  /// - Throws: ``SystemError``.
  package func isOn() throws(SystemError) -> Bool {
    let result = pk_gpio_get(wait.descriptor)
    if result < 0 { throw SystemError("GPIO_V2_LINE_GET_VALUES", errno: -result, place.description) }
    return result == 1
  }

  /// Waits for the next time that ``isOn()`` is to be asked: an edge of an input, or a second without one, since the kernel
  /// wakes nobody when a chip is pulled out.
  /// - Returns: false when it was woken.
  /// - Throws: ``SystemError``, also when the chip is gone and the kernel says so.
  package func nextEdge() throws(SystemError) -> Bool {
    switch try wait.wait(milliseconds: 1000) {
    case .woken: return false
    case .late: return true
    case .readable:
      // Which edges they were does not matter: the value is asked afterwards.
      _ = try wait.read(Int(pk_gpio_event_bytes()) * 16)
      return true
    }
  }

  /// Ends ``nextEdge()``, from any thread.
  package func wake() { wait.wake() }
}

extension GPIOPlace.Pull {
  /// As the shim wants it.
  fileprivate var direction: Int32 { self == .up ? 1 : -1 }
}
