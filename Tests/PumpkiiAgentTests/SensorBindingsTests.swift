import Foundation
import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiPolicy
import PumpkiiWire
import Testing

/// Consent is for one camera, not for whatever sits in its place.
@Suite struct SensorBindingsTests {
  let folder = NSTemporaryDirectory() + "pumpkii-bindings-\(UUID().uuidString)"
  let mine = SensorIdentity(kind: .camera, id: "usb-1", name: "Mine", capabilities: "mjpeg 640x480")
  let twin = SensorIdentity(kind: .camera, id: "usb-1", name: "Mine", capabilities: "mjpeg 640x480\nprivacy")

  private func bindings(_ home: AgentHome, _ surroundings: Surroundings) throws -> SensorBindings {
    try SensorBindings(
      home: home, surroundings: surroundings, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
  }

  @Test func theFirstThatIsOpenedIsTheOneAlsoAfterARestart() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    let first = Surroundings()
    let bindings = try bindings(home, first)
    bindings.found(mine, expected: [])
    #expect(first.facts.camera.isEmpty)
    bindings.opened(mine)
    let second = Surroundings()
    try self.bindings(home, second).found(twin, expected: [])
    #expect(second.facts.camera == .stranger)
    #expect(second.facts.microphone.isEmpty)
    let third = Surroundings()
    try self.bindings(home, third).found(mine, expected: [])
    #expect(third.facts.camera.isEmpty)
  }

  @Test func aMarkThatAPowerCutLeftBehindIsWrittenAtTheNextStart() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    let bindings = try bindings(home, Surroundings())
    bindings.opened(mine)
    bindings.opened(sound)
    let mark = "\(home.keysFolder)/sensors.bound"
    let whole = try String(contentsOfFile: mark, encoding: .utf8)
    try "1\n".write(toFile: mark, atomically: true, encoding: .utf8)
    let again = try self.bindings(home, Surroundings())
    again.opened(mine)
    #expect(try String(contentsOfFile: mark, encoding: .utf8) == whole)
  }

  @Test func theOwnersWordIsAboveTheFirstOpening() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    let surroundings = Surroundings()
    let bindings = try bindings(home, surroundings)
    bindings.opened(mine)
    bindings.found(twin, expected: [])
    #expect(surroundings.facts.camera == .stranger)
    bindings.check(expected: [ExpectedSensor(flag: .sensorCamera, fingerprint: SensorFingerprint.of(twin))])
    #expect(surroundings.facts.camera.isEmpty)
    bindings.check(expected: [ExpectedSensor(flag: .sensorCamera, fingerprint: SensorFingerprint.of(mine))])
    #expect(surroundings.facts.camera == .stranger)
  }

  private let sound = SensorIdentity(kind: .microphone, id: "alsa-1", name: "Mine", capabilities: "48000")

  /// What both sensors are taken for by a start on what the folder now has.
  private func strangers(_ home: AgentHome, expected: [ExpectedSensor] = []) throws -> [SensorObstacles] {
    let surroundings = Surroundings()
    let bindings = try bindings(home, surroundings)
    bindings.found(mine, expected: expected)
    bindings.found(sound, expected: expected)
    return [surroundings.facts.camera, surroundings.facts.microphone]
  }

  private func bind(_ home: AgentHome) throws {
    let bindings = try bindings(home, Surroundings())
    bindings.opened(mine)
    bindings.opened(sound)
  }

  @Test func aFileThatIsCutOrChangedAnywhereMakesBothStrangers() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    try bind(home)
    let whole = try #require(try home.read("sensors"))
    #expect(try strangers(home) == [[], []])
    for count in 0..<whole.count {
      try home.write(Array(whole.prefix(count)), "sensors")
      #expect(try strangers(home) == [.stranger, .stranger], "cut to \(count) bytes")
    }
    for place in whole.indices {
      var bytes = whole
      bytes[place] ^= 1
      try home.write(bytes, "sensors")
      #expect(try strangers(home) == [.stranger, .stranger], "byte \(place)")
    }
    try home.write(whole, "sensors")
    #expect(try strangers(home) == [[], []])
  }

  @Test func aFileThatIsGoneOrOlderOrUnsignedMakesStrangersOnceSomethingWasBound() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    #expect(try strangers(home) == [[], []])
    let empty = try #require(try home.read("sensors"))
    try bind(home)
    try FileManager.default.removeItem(atPath: "\(folder)/sensors")
    #expect(try strangers(home) == [.stranger, .stranger])
    #expect(try home.read("sensors") == nil, "a start alone makes nothing good")
    try home.write(empty, "sensors")
    #expect(try strangers(home) == [.stranger, .stranger], "from before anything was bound")
    try home.write(Array("camera \(SensorFingerprint.of(mine))\n".utf8), "sensors")
    #expect(try strangers(home) == [.stranger, .stranger], "unsigned, after a signed one")
  }

  @Test func theOwnersWordMakesThemKnownAgainAndOpeningWritesThem() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    try bind(home)
    try home.write([1], "sensors")
    let word = [ExpectedSensor(flag: .sensorCamera, fingerprint: SensorFingerprint.of(mine))]
    #expect(try strangers(home, expected: word) == [[], .stranger])
    try bindings(home, Surroundings()).opened(mine)
    #expect(try strangers(home) == [[], .stranger])
  }

  @Test func theFormOfEarlierVersionsIsReadOnceAndWrittenSigned() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    let lines = ["camera \(SensorFingerprint.of(twin))\n", "microphone \(SensorFingerprint.of(sound))\n"]
    try home.write(Array(lines.joined().utf8), "sensors")
    #expect(try strangers(home) == [.stranger, []])
    #expect(try home.read("sensors") != Array(lines.joined().utf8))
    #expect(try strangers(home) == [.stranger, []])
  }

  @Test(arguments: ["camera", "camera\n", "camera 12\n", "", "\n", "sensor 12\n", "camera  \n", "camera 1 2\n"])
  func oneOfThatFormThatIsNotWholeMakesBothStrangers(_ text: String) throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let home = try AgentHome(folder)
    try home.write(Array(text.utf8), "sensors")
    #expect(try strangers(home) == [.stranger, .stranger])
    let twice = String(repeating: "camera \(SensorFingerprint.of(mine))\n", count: 2)
    try home.write(Array(twice.utf8), "sensors")
    #expect(try strangers(home) == [.stranger, .stranger])
  }

  @Test func aStrangerIsDeniedByTheHardwareLayer() throws {
    let bench = Bench(allowed: [.sensorCamera])
    let surroundings = Surroundings()
    let gate = Gate(standing: bench.standing, surroundings: surroundings)
    #expect(gate.denial(.openSensor, .sensorCamera) == nil)
    surroundings.set(.stranger, of: .sensorCamera, to: true)
    #expect(gate.denial(.openSensor, .sensorCamera)?.layer == .hardware)
    guard case .denied(let decision) = gate.clear(.video, for: .record) else {
      Issue.record("cleared")
      return
    }
    #expect(decision.layer == .hardware)
  }
}
