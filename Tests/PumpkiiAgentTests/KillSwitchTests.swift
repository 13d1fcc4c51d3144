import Dispatch
import Glibc
import PumpkiiAgent
import PumpkiiPolicy
import PumpkiiSystem
import ServiceLifecycle
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct KillSwitchTests {
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

    func send(type: UInt16, code: UInt16, value: Int32) { send([(type, code, value)]) }

    /// One reading gets them all.
    func send(_ events: [(type: UInt16, code: UInt16, value: Int32)]) {
      var bytes: [UInt8] = []
      for event in events {
        bytes += [UInt8](repeating: 0, count: 16)
        unsafe withUnsafeBytes(of: event.type) { unsafe bytes.append(contentsOf: $0) }
        unsafe withUnsafeBytes(of: event.code) { unsafe bytes.append(contentsOf: $0) }
        unsafe withUnsafeBytes(of: event.value) { unsafe bytes.append(contentsOf: $0) }
      }
      unsafe _ = write(ends.withLock { $0.writer }, bytes, bytes.count)
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
      // What was queued behind it is older than the device's own answer.
      device.send([(0, 3, 0), (5, 14, 0)])
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

  @Test(.timeLimit(.minutes(10))) func theJudgeHearsOfItAndBeforeItWasReadItCountsAsThrown() async throws {
    let line = HandLine()
    let killSwitch = KillSwitch("hand", logger: Ledgers.logger) { () throws(SystemError) in line }
    let surroundings = Surroundings()
    let heard = Published<[Bool]>([])
    let watch = KillSwitchWatch(killSwitch: killSwitch, surroundings: surroundings) { isThrown in
      heard.update { $0.append(isThrown) }
    }
    #expect(surroundings.facts.camera.contains(.killSwitch) && surroundings.facts.microphone.contains(.killSwitch))
    let group = ServiceGroup(configuration: .init(services: [killSwitch, watch], logger: Ledgers.logger))
    async let running: Void = group.run()
    _ = await heard.wait { $0.last == false }
    #expect(!surroundings.facts.camera.contains(.killSwitch) && !surroundings.facts.microphone.contains(.killSwitch))
    line.set(true)
    _ = await heard.wait { $0.last == true && $0.contains(false) }
    #expect(surroundings.facts.camera.contains(.killSwitch) && surroundings.facts.microphone.contains(.killSwitch))
    await group.triggerGracefulShutdown()
    try await running
  }
}

/// A switch in a test's hand.
private final class HandLine: SwitchLine, Sendable {
  private let changed = DispatchSemaphore(value: 0)
  private let state = Mutex<(isThrown: Bool, isOver: Bool)>((false, false))

  func set(_ isThrown: Bool) {
    state.withLock { $0.isThrown = isThrown }
    changed.signal()
  }

  func isThrown() throws(SystemError) -> Bool { state.withLock { $0.isThrown } }

  func next() throws(SystemError) -> Bool? {
    changed.wait()
    return state.withLock { $0.isOver ? nil : $0.isThrown }
  }

  func wake() {
    state.withLock { $0.isOver = true }
    changed.signal()
  }
}
