import Foundation
import PumpkiiCapture
import PumpkiiDocument
import PumpkiiSimulation
import Testing

@Suite struct ProfileTests {
  static let names =
    (try? FileManager.default.contentsOfDirectory(atPath: "\(repository)/devices"))?
    .filter { $0.hasSuffix(".yaml") }.sorted() ?? []

  @Test func theProfilesThatAreDueAreThere() {
    for name in ["webcam-720p30-mjpeg", "webcam-640x480-yuyv", "board-h264", "still-pan", "pattern-720p30", "pattern"] {
      #expect(Self.names.contains("\(name).yaml"))
    }
  }

  @Test(arguments: names) func everyProfileLoadsAndMakesADevice(name: String) throws {
    let path = "\(repository)/devices/\(name)"
    #expect(DeviceProfile.problems(path: path).isEmpty)
    let profile = try DeviceProfile.load(path: path)
    #expect("\(profile.name).yaml" == name)
    #expect(!profile.description.isEmpty)
    let device = try SimulatedDevice(profile, clock: ManualClock())
    #expect(device.camera != nil && device.microphone != nil)
    #expect(device.camera?.identity.id == "fake-\(profile.name)")
  }

  @Test func schemaAndReaderAcceptTheSameKeys() throws {
    let data = try Data(contentsOf: URL(filePath: "\(repository)/devices/schema.json"))
    let schema = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(Self.keys(schema, path: "") == DeviceProfile.acceptedKeys)
  }

  @Test func schemaListsTheSameKinds() throws {
    let text = try String(contentsOf: URL(filePath: "\(repository)/devices/schema.json"), encoding: .utf8)
    for kind in Fault.Kind.allCases { #expect(text.contains("\"\(kind.rawValue)\"")) }
    for format in CameraProfile.Format.allCases { #expect(text.contains("\"\(format.rawValue)\"")) }
  }

  private static func keys(_ schema: [String: Any], path: String) -> Set<String> {
    var found: Set<String> = []
    for (key, value) in schema["properties"] as? [String: Any] ?? [:] {
      let inner = path.isEmpty ? key : "\(path).\(key)"
      found.insert(inner)
      guard let value = value as? [String: Any] else { continue }
      found.formUnion(keys(value, path: inner))
      if let items = value["items"] as? [String: Any] { found.formUnion(keys(items, path: inner + "[]")) }
    }
    return found
  }

  @Test func everyValueIsRead() throws {
    let profile = try DeviceProfile.parse(
      Array(
        """
        name: all
        description: d
        seed: 9
        camera:
          name: c
          format: h264
          width: 320
          height: 240
          fps: 29.97
          buffers: 3
          start_ms: 50
          frozen_after_ms: 200
          clock: { drift_ppm: -5, jitter_ms: 1.5 }
          source: { kind: pan, image: a.jpg, burn_in: true, quality: 70, bitrate: 100000, group_frames: 15 }
          faults: [{ kind: unplug, at_frame: 4, frames: 1, opening: 2, back_after_ms: 10 }]
        microphone:
          name: m
          rate: 16000
          channels: 2
          period_ms: 10
          buffer_ms: 100
          clock: { drift_ppm: 3, jitter_ms: 0.5 }
          source: { kind: silence }
          faults: [{ kind: lose, at_period: 5, periods: 2, opening: 0 }]
        """.utf8), file: "x/all.yaml")
    let expected = DeviceProfile(
      name: "all", description: "d", seed: 9,
      camera: CameraProfile(
        name: "c", source: .pan(image: "a.jpg", burnIn: true), format: .h264, width: 320, height: 240, fps: 29.97,
        quality: 70, bitrate: 100_000, groupFrames: 15, buffers: 3, start: 50_000_000, frozenAfter: 200_000_000,
        clock: ClockQuality(driftPPM: -5, jitter: 1_500_000),
        faults: [Fault(.unplug, at: 4, opening: 2, backAfter: 10_000_000)]),
      microphone: MicrophoneProfile(
        name: "m", source: .silence, rate: 16000, channels: 2, period: 10_000_000, buffer: 100_000_000,
        clock: ClockQuality(driftPPM: 3, jitter: 500_000), faults: [Fault(.lose, at: 5, count: 2, opening: 0)]),
      folder: "x")
    #expect(profile == expected)
  }

  @Test(arguments: [
    ("name: x\ncamera: {source: {kind: file, file: a}, heigth: 3}\n", "camera.heigth", 2),
    ("name: X\nmicrophone: {source: {kind: tone}}\n", "name", 1),
    ("name: x\n", "", 1),
    ("name: x\ncamera:\n  source: {kind: pattern}\n", "camera", 3),
    ("name: x\ncamera:\n  fps: 30\n  source: {kind: file}\n", "camera.source.kind", 4),
    ("name: x\ncamera:\n  width: 320\n  source: {kind: file, file: a}\n", "camera.width", 3),
    ("name: x\ncamera:\n  source: {kind: file, file: a, quality: 3}\n", "camera.source.quality", 3),
    ("name: x\nmicrophone:\n  rate: 8000\n  source: {kind: file, file: a}\n", "microphone.rate", 3),
    ("name: x\nmicrophone:\n  source: {kind: tone, file: a}\n", "microphone.source.file", 3),
    ("name: x\nmicrophone:\n  buffer_ms: 20\n  source: {kind: tone}\n", "microphone.buffer_ms", 3),
    ("name: x\nmicrophone:\n  source: {kind: ton}\n", "microphone.source.kind", 3),
  ])
  func mistakesAreRefusedAtTheirPlace(text: String, key: String, line: Int) throws {
    do throws(DocumentError) {
      _ = try DeviceProfile.parse(Array(text.utf8), file: "x.yaml")
      Issue.record("accepted")
    } catch {
      #expect(error.keyPath == key)
      #expect(error.line == line)
    }
  }

  @Test func allProblemsOfAFileAreListed() throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      Array("name: x\nseed: many\ncamera:\n  widht: 3\n  fps: 900\n  source: {kind: pattern}\n".utf8), "x.yaml")
    let problems = DeviceProfile.problems(path: path)
    #expect(problems.contains { $0.hasPrefix("\(path):2:7: seed: must be a whole number") })
    #expect(problems.contains { $0.hasPrefix("\(path):4:3: camera.widht: unknown key; did you mean 'width'?") })
    #expect(problems.contains { $0.hasPrefix("\(path):5:8: camera.fps: 900.0 is not within") })
    #expect(throws: SimulationError.self) { try DeviceProfile.load(path: path) }
    #expect(DeviceProfile.problems(path: folder.file("none.yaml")).count == 1)
  }
}
