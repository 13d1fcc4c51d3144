import Glibc
import PumpkiiAgent
import PumpkiiSystem
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct KillSwitchTests {
  /// A pipe that stands for an input device, whose state is a variable.
  private final class Device: Sendable {
    let isOn = Mutex(false)
    private let ends: Mutex<(reader: Int32, writer: Int32)>

    init() { ends = Mutex(Self.pipes()) }

    private static func pipes() -> (reader: Int32, writer: Int32) {
      var ends: [Int32] = [-1, -1]
      unsafe _ = pipe(&ends)
      return (ends[0], ends[1])
    }

    /// Opens it, once.
    func open(_ code: InputEvents.Code) throws(SystemError) -> any SwitchLine {
      let reader = ends.withLock { $0.reader }
      return EvdevSwitch(
        InputEvents(try DescriptorWait(dup(reader), "device"), code) { _, _ in self.isOn.withLock { $0 } })
    }

    func send(type: UInt16, code: UInt16, value: Int32) {
      var event = [UInt8](repeating: 0, count: 16)
      unsafe withUnsafeBytes(of: type) { unsafe event.append(contentsOf: $0) }
      unsafe withUnsafeBytes(of: code) { unsafe event.append(contentsOf: $0) }
      unsafe withUnsafeBytes(of: value) { unsafe event.append(contentsOf: $0) }
      unsafe _ = write(ends.withLock { $0.writer }, event, event.count)
    }

    func unplug() {
      ends.withLock { ends in
        close(ends.writer)
        close(ends.reader)
      }
    }
  }

  private let code = InputEvents.Code(isSwitch: true, number: 14)

  private func running(_ killSwitch: KillSwitch, _ body: () async throws -> Void) async throws {
    let group = ServiceGroup(configuration: .init(services: [killSwitch], logger: Ledgers.logger))
    async let running: Void = group.run()
    try await body()
    await group.triggerGracefulShutdown()
    try await running
  }

  @Test func itIsThrownUntilItWasRead() {
    let killSwitch = KillSwitch("device", logger: Ledgers.logger) { () throws(SystemError) in
      throw SystemError("open", errno: ENOENT)
    }
    #expect(killSwitch.isThrown.value)
  }

  @Test func itFollowsItsOwnCodeAndNoOther() async throws {
    let (device, code) = (Device(), code)
    let killSwitch = KillSwitch("device", logger: Ledgers.logger) { () throws(SystemError) in try device.open(code) }
    try await running(killSwitch) {
      #expect(await killSwitch.isThrown.wait { !$0 })
      device.send(type: 5, code: 13, value: 1)
      device.send(type: 1, code: 14, value: 1)
      device.send(type: 5, code: 14, value: 1)
      #expect(await killSwitch.isThrown.wait { $0 })
      device.send(type: 5, code: 14, value: 0)
      #expect(await killSwitch.isThrown.wait { !$0 })
    }
  }

  @Test func anOverrunAsksTheDeviceItself() async throws {
    let (device, code) = (Device(), code)
    let killSwitch = KillSwitch("device", logger: Ledgers.logger) { () throws(SystemError) in try device.open(code) }
    try await running(killSwitch) {
      #expect(await killSwitch.isThrown.wait { !$0 })
      device.isOn.withLock { $0 = true }
      device.send(type: 0, code: 3, value: 0)
      #expect(await killSwitch.isThrown.wait { $0 })
    }
  }

  @Test func pullingItOutThrowsIt() async throws {
    let (first, code) = (Device(), code)
    let devices = Mutex([first])
    let killSwitch = KillSwitch("device", logger: Ledgers.logger, pause: .milliseconds(5)) { () throws(SystemError) in
      guard let device = devices.withLock({ $0.first }) else { throw SystemError("open", errno: ENOENT) }
      return try device.open(code)
    }
    try await running(killSwitch) {
      #expect(await killSwitch.isThrown.wait { !$0 })
      devices.withLock { $0 = [] }
      first.unplug()
      #expect(await killSwitch.isThrown.wait { $0 })
      devices.withLock { $0 = [Device()] }
      #expect(await killSwitch.isThrown.wait { !$0 }, "it is there again, and it is not thrown")
    }
  }

  @Test func whatIsNoInputDeviceCountsAsThrown() async throws {
    let place = KillSwitchPlace.evdev(path: "/dev/null", code)
    let line = try place.open()
    #expect(throws: SystemError("EVIOCG", errno: ENOTTY, "input device")) { _ = try line.isThrown() }
  }
}
