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
