import Glibc
import PumpkiiSystem

/// A switch with a light that the kernel's input layer takes for a real one, made with uinput: `/dev/input/eventN`, and a
/// light of the LED class.
final class InputDevice: Sendable {
  /// SW_MUTE_DEVICE of linux/input-event-codes.h.
  static let switchCode: UInt16 = 14
  /// Its node.
  let path: String
  /// Its light's name under `/sys/class/leds`.
  let light: String
  private let descriptor: Int32

  /// Requests of linux/uinput.h, as the macros make them.
  private enum Request {
    static let create: UInt = 0x5501
    static let destroy: UInt = 0x5502
    static let setup: UInt = 0x405c_5503
    static let name: UInt = 0x8040_552c
    static let types: UInt = 0x4004_5564
    static let lights: UInt = 0x4004_5569
    static let switches: UInt = 0x4004_556d
  }

  private enum EventType {
    static let synchronization: UInt16 = 0
    static let toggle: UInt16 = 5
    static let light: UInt16 = 17
  }

  init() async throws {
    try await KernelModule.load("uinput")
    try await KernelModule.load("evdev")
    descriptor = unsafe open("/dev/uinput", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw Lab.Obstacle("/dev/uinput: \(errno)") }
    for (request, number) in [
      (Request.types, EventType.toggle), (Request.switches, Self.switchCode), (Request.types, EventType.light),
      (Request.lights, 1),
    ] as [(UInt, UInt16)] {
      guard ioctl(descriptor, request, Int32(number)) == 0 else { throw Lab.Obstacle("uinput: \(errno)") }
    }
    // struct uinput_setup: bus, vendor, product, version, 80 bytes of name, one number.
    var setup: [UInt8] = [6, 0, 1, 0, 1, 0, 1, 0] + Array("Lab switch".utf8)
    setup += [UInt8](repeating: 0, count: 92 - setup.count)
    var name = [UInt8](repeating: 0, count: 64)
    guard unsafe ioctl(descriptor, Request.setup, &setup) == 0, ioctl(descriptor, Request.create, 0) == 0,
      unsafe ioctl(descriptor, Request.name, &name) >= 0
    else { throw Lab.Obstacle("uinput makes no device: \(errno)") }
    let input = String(decoding: name.prefix { $0 != 0 }, as: UTF8.self)
    let node = try await Shell.run("cd /sys/class/input/\(input) && echo event*").filter { !$0.isNewline }
    path = "/dev/input/\(node)"
    light = try await Shell.run("cd /sys/class/input/\(input) && echo *::capslock").filter { !$0.isNewline }
  }

  /// Throws or releases the switch.
  func set(_ isThrown: Bool) throws {
    let bytes = Self.event(EventType.toggle, Self.switchCode, isThrown ? 1 : 0) + Self.event(0, 0, 0)
    guard unsafe write(descriptor, bytes, bytes.count) == bytes.count else { throw Lab.Obstacle("uinput: \(errno)") }
  }

  /// Whether its light shines, by its driver.
  var isLit: Bool {
    get async throws { try await Shell.run("cat /sys/class/leds/\(light)/brightness").hasPrefix("1") }
  }

  /// Puts its light out, as another program might.
  func putOut() async throws { try await Shell.run("echo 0 > /sys/class/leds/\(light)/brightness") }

  /// Pulls it out.
  func pull() { close(descriptor) }

  /// `struct input_event` with a time of zero: the kernel puts its own.
  private static func event(_ type: UInt16, _ code: UInt16, _ value: Int32) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 16)
    for number in [type, code] { bytes += [UInt8(number & 0xFF), UInt8(number >> 8)] }
    return bytes + [UInt8(value), 0, 0, 0]
  }
}
