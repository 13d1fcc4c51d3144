import Foundation
import Glibc
import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiSystem
import PumpkiiWire
import ServiceLifecycle
import Synchronization
import Testing

@Suite struct IndicatorTests {
  /// Remembers what it was told to show.
  private final class Lamp: IndicatorOutput {
    let name: String
    let shows = Published<[Bool]>([])
    let isBroken = Mutex(false)
    init(_ name: String = "lamp") { self.name = name }
    func show(_ isOn: Bool) throws(SystemError) {
      if isBroken.withLock({ $0 }) { throw SystemError("write", errno: EIO, name) }
      shows.update { $0.append(isOn) }
    }
  }

  private static func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "pumpkii-indicator-\(UUID().uuidString)"
    try DurableFile.makeFolder(folder)
    return folder
  }

  private static let nothing = SensorScan(OpenDevices(look: { _ in nil }))

  /// Runs the indicator while `body` does.
  private func running(_ indicator: Indicator, _ body: () async throws -> Void) async throws {
    let group = ServiceGroup(configuration: .init(services: [indicator], logger: Ledgers.logger))
    async let running: Void = group.run()
    do {
      try await body()
    } catch {
      await group.triggerGracefulShutdown()
      try await running
      throw error
    }
    await group.triggerGracefulShutdown()
    try await running
  }

  @Test func everyOutputFollowsTheSessions() async throws {
    let (lamp, other, sensors) = (Lamp(), Lamp("other"), OpenSensors())
    let notes = Mutex<[AuditRecord]>([])
    let indicator = Indicator(
      sensors: sensors, outputs: [lamp, other], logger: Ledgers.logger, scan: Self.nothing, look: .seconds(3600),
      note: { record in notes.withLock { $0.append(record) } })
    try await running(indicator) {
      #expect(await lamp.shows.wait { $0 == [false] })
      sensors.raise(.camera)
      #expect(await lamp.shows.wait { $0.last == true })
      #expect(await indicator.state.wait { $0.open == [.camera] })
      sensors.raise(.microphone)
      #expect(await indicator.state.wait { $0.open == [.camera, .microphone] })
      sensors.lower(.camera)
      #expect(await indicator.state.wait { $0.open == [.microphone] })
      sensors.lower(.microphone)
      #expect(await other.shows.wait { $0.last == false && $0.contains(true) })
    }
    #expect(lamp.shows.value == [false, true, false])
    #expect(notes.withLock { $0 } == [.indicator(1), .indicator(3), .indicator(2), .indicator(0)])
  }

  @Test func twoSessionsOfAKindAreOpenUntilBothAreClosed() {
    let sensors = OpenSensors()
    sensors.raise(.camera)
    sensors.raise(.camera)
    sensors.lower(.camera)
    #expect(sensors.kinds == [.camera])
    sensors.lower(.camera)
    sensors.lower(.camera)
    #expect(sensors.kinds.isEmpty)
  }

  @Test func aDescriptorOpenedByOtherMeansIsSeen() async throws {
    // /dev/full stands for a camera: the real list of this process's descriptors, the real stat, another number.
    let scan = SensorScan(
      OpenDevices(names: "/nowhere") { path in
        guard let numbers = OpenDevices.numbers(path), numbers == (1, 7) else { return nil }
        return (81, 0)
      })
    let lamp = Lamp()
    let indicator = Indicator(
      sensors: OpenSensors(), outputs: [lamp], logger: Ledgers.logger, scan: scan, look: .milliseconds(10))
    try await running(indicator) {
      #expect(await lamp.shows.wait { $0 == [false] })
      let descriptor = unsafe open("/dev/full", O_RDONLY)
      #expect(await lamp.shows.wait { $0 == [false, true] })
      close(descriptor)
      #expect(await lamp.shows.wait { $0 == [false, true, false] })
    }
  }

  @Test func aNameOfTheKernelTellsACaptureFromAPlayback() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let nodes: [(number: String, name: String, kind: SensorIdentity.Kind?)] = [
      ("81:0", "video0", .camera), ("81:1", "v4l-subdev0", nil), ("81:2", "", .camera),
      ("116:1", "snd/pcmC0D0c", .microphone),
      ("116:2", "snd/pcmC0D0p", nil), ("116:3", "snd/controlC0", nil), ("116:4", "", .microphone), ("1:3", "null", nil),
    ]
    for node in nodes {
      let names = "\(folder)/names/\(node.number)"
      try DurableFile.makeFolder(names)
      try DurableFile.makeFolder("\(folder)/fd")
      let uevent = "MAJOR=1\n" + (node.name.isEmpty ? "" : "DEVNAME=\(node.name)\n")
      try DurableFile.write(Array(uevent.utf8), to: "\(names)/uevent")
      try DurableFile.write([], to: "\(folder)/fd/7")
      let parts = node.number.split(separator: ":").compactMap { UInt32($0) }
      let scan = SensorScan(
        OpenDevices(folder: "\(folder)/fd", names: "\(folder)/names") { _ in (parts[0], parts[1]) })
      #expect(try scan.kinds() == (node.kind.map { [$0] } ?? []), "\(node)")
    }
  }

  @Test func aScanThatFailsNeitherHidesNorForgetsWhatIsOpen() async throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try DurableFile.write([], to: "\(folder)/3")
    let scan = SensorScan(OpenDevices(folder: folder, names: "/nowhere") { _ in (81, 0) })
    let lamp = Lamp()
    let indicator = Indicator(sensors: OpenSensors(), outputs: [lamp], logger: Ledgers.logger, scan: scan)
    await indicator.follow()
    #expect(indicator.state.value.open == [.camera])
    try FileManager.default.removeItem(atPath: folder)
    try DurableFile.write([], to: folder)
    await indicator.follow()
    #expect(!indicator.state.value.isScanning)
    #expect(indicator.state.value.open == [.camera])
    #expect(lamp.shows.value == [true])
  }

  @Test func anOutputThatFailsIsToldOfAndTriedAgain() async throws {
    let (lamp, sensors) = (Lamp(), OpenSensors())
    let notes = Mutex<[AuditRecord]>([])
    let indicator = Indicator(
      sensors: sensors, outputs: [lamp], logger: Ledgers.logger, scan: Self.nothing,
      note: { record in notes.withLock { $0.append(record) } })
    sensors.raise(.microphone)
    lamp.isBroken.withLock { $0 = true }
    await indicator.follow()
    await indicator.follow()
    #expect(indicator.state.value.failing == ["lamp"])
    #expect(indicator.state.value.failures == 2)
    #expect(notes.withLock { $0 } == [.indicator(2), .indicatorFailed("lamp")], "said once")
    lamp.isBroken.withLock { $0 = false }
    await indicator.follow()
    #expect(indicator.state.value.failing.isEmpty)
    #expect(lamp.shows.value == [true])
  }

  @Test func aLightIsTakenFromItsTriggerAndIsAsBrightAsItCan() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try DurableFile.makeFolder("\(folder)/red")
    for (name, text) in [("trigger", "[heartbeat] none"), ("brightness", "0"), ("max_brightness", "255\n")] {
      try DurableFile.write(Array(text.utf8), to: "\(folder)/red/\(name)")
    }
    let output = LEDOutput("red", folder: folder)
    try output.show(true)
    #expect(try DurableFile.read("\(folder)/red/brightness") == Array("255".utf8))
    #expect(try DurableFile.read("\(folder)/red/trigger") == Array("none".utf8))
    try output.show(false)
    #expect(try DurableFile.read("\(folder)/red/brightness") == Array("0".utf8))
    #expect(throws: SystemError.self) { try LEDOutput("green", folder: folder).show(true) }
    #expect(!DurableFile.exists("\(folder)/green"))
  }

  @Test func aLightThatAnotherProgramTookShinesAgainAtTheNextLook() async throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try DurableFile.makeFolder("\(folder)/red")
    for (name, text) in [("trigger", "[none] heartbeat"), ("brightness", "0"), ("max_brightness", "255\n")] {
      try DurableFile.write(Array(text.utf8), to: "\(folder)/red/\(name)")
    }
    let sensors = OpenSensors()
    sensors.raise(.camera)
    let indicator = Indicator(
      sensors: sensors, outputs: [LEDOutput("red", folder: folder)], logger: Ledgers.logger, scan: Self.nothing)
    await indicator.follow()
    #expect(try DurableFile.read("\(folder)/red/brightness") == Array("255".utf8))
    for (name, text) in [("brightness", "0\n"), ("trigger", "none [heartbeat]")] {
      try DurableFile.write(Array(text.utf8), to: "\(folder)/red/\(name)")
      await indicator.follow()
      #expect(try DurableFile.read("\(folder)/red/brightness") == Array("255".utf8), "\(name)")
      #expect(try DurableFile.read("\(folder)/red/trigger") != Array("none [heartbeat]".utf8))
    }
    sensors.lower(.camera)
    await indicator.follow()
    #expect(try DurableFile.read("\(folder)/red/brightness") == Array("0".utf8))
  }

  @Test func aCommandIsToldOnAndOffAndMustEndWell() throws {
    let folder = try Self.folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let script = "echo \"$1\" >> \(folder)/said"
    let output = CommandOutput(BoundedCommand(program: "/bin/sh", arguments: ["-c", script, "lamp"]))
    try output.show(true)
    try output.show(false)
    #expect(try DurableFile.read("\(folder)/said") == Array("on\noff\n".utf8))
    #expect(throws: SystemError("run", errno: EPROTO, "/bin/false")) {
      try CommandOutput(BoundedCommand(program: "/bin/false")).show(true)
    }
    #expect(throws: SystemError("posix_spawn", errno: ENOENT, "/bin/none")) {
      try CommandOutput(BoundedCommand(program: "/bin/none")).show(true)
    }
  }

  @Test func aCommandThatDoesNotEndIsKilled() {
    let command = BoundedCommand(program: "/bin/sh", arguments: ["-c", "sleep 600"])
    #expect(throws: SystemError("run", errno: ETIMEDOUT, "/bin/sh")) {
      try command.run("on", patience: .milliseconds(50))
    }
  }

  @Test func aLineOfNoChipIsAnError() {
    let output = GPIOOutput(GPIOPlace(chip: "/dev/null", line: 3))
    #expect(throws: SystemError("GPIO_V2_GET_LINE", errno: ENOTTY, "/dev/null line 3")) { try output.show(true) }
  }
}
