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
    let names = [
      "webcam-720p30-mjpeg", "webcam-640x480-yuyv", "board-h264", "still-pan", "pattern-720p30", "pattern",
      "webcam-loose-cable", "webcam-usb", "logitech-c920", "generic-05a3", "hdmi-stick-ms2109",
    ]
    for name in names {
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
    #expect(device.camera != nil)
    // Modules like this one have none.
    #expect((device.microphone == nil) == (name == "generic-05a3.yaml"))
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

  @Test func everyNewValueIsRead() throws {
    let profile = try DeviceProfile.parse(
      Array(
        """
        name: all
        match: { vendor: 046d, product: 2109, name: C920 }
        quirks: { format: yuyv, width: 800, height: 600, fps: 7.5, frozen_after_ms: 4000, controls: { gain: -3 } }
        camera:
          name: c
          shutter: true
          source: { kind: pattern }
          modes:
            - { format: mjpeg, width: 640, height: 480, fps: 7.5 30 15 }
            - { format: yuyv, width: 160, height: 90, fps: 120.101 }
          usb: { vendor: "1209", product: 0001, serial: S, manufacturer: M, product_name: P, transfer: bulk }
          controls: [{ name: brightness, minimum: -64, maximum: 64, step: 2, standard: 0 }]
          still: { trigger: true, modes: [{ format: mjpeg, width: 1280, height: 720 }] }
          faults:
            - { kind: stall, at_ms: 250.5, for_ms: 40, opening: 0 }
            - { kind: error_bit, chance: 0.25, frames: 3 }
            - { kind: control_stall, at_frame: 3, for_ms: 700 }
            - { kind: clock_jump, at_frame: 9, frames: 2, by_ms: -20.5 }
            - { kind: shutter, at_frame: 2 }
        microphone:
          source: { kind: silence }
          rate: 16000
          rates: 48000 16000
          faults: [{ kind: xrun, at_period: 5 }, { kind: suspend, at_ms: 100 }]
        """.utf8), file: "x/all.yaml")
    let camera = CameraProfile(
      name: "c",
      faults: [
        Fault(.stall, when: .time(250_500_000), length: 40_000_000, opening: 0),
        Fault(.errorBit, when: .chance(0.25), count: 3),
        Fault(.controlStall, when: .unit(3), length: 700_000_000), Fault(.clockJump, at: 9, count: 2, by: -20_500_000),
        Fault(.shutter, at: 2),
      ],
      modes: [
        CameraMode(format: .mjpeg, width: 640, height: 480, rates: [30, 15, 7.5]),
        CameraMode(format: .yuyv, width: 160, height: 90, rates: [120.101]),
      ],
      usb: USBProfile(
        vendor: 0x1209, product: 1, serial: "S", manufacturer: "M", productName: "P", transfer: .bulk),
      controls: [ControlProfile(name: "brightness", minimum: -64, maximum: 64, step: 2, standard: 0)],
      hasShutter: true, hasStillTrigger: true,
      stillModes: [CameraMode(format: .mjpeg, width: 1280, height: 720, rates: [])])
    #expect(profile.camera == camera)
    #expect(profile.microphone?.rates == [16_000, 48_000] && profile.microphone?.rate == 16_000)
    #expect(
      profile.microphone?.faults == [Fault(.xrun, at: 5), Fault(.suspend, when: .time(100_000_000))])
    #expect(profile.match == DeviceMatch(vendor: 0x046D, product: 0x2109, name: "C920"))
    #expect(
      profile.quirks
        == CameraQuirks(
          pixels: .yuyv, size: .init(width: 800, height: 600), rate: 7.5, controls: ["gain": -3],
          frozenAfter: 4_000_000_000))
  }

  private static let picture =
    "  source: {kind: pattern}\n  modes: [{format: mjpeg, width: 640, height: 480, fps: 30}]\n"

  @Test(arguments: [
    ("camera:\n\(picture)  faults:\n    - {kind: lose}\n", "camera.faults[0]", "needs at_frame, at_ms or chance"),
    (
      "camera:\n\(picture)  faults:\n    - {kind: lose, at_ms: 3, chance: 0.5}\n", "camera.faults[0].chance",
      "one of at_frame, at_ms and chance, not 2"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: lose, at_ms: 3, frames: 2}\n", "camera.faults[0].frames",
      "after at_ms say for_ms"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: lose, at_frame: 3, for_ms: 2}\n", "camera.faults[0].for_ms",
      "here say frames"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: rate_drop, chance: 0.1}\n", "camera.faults[0].chance",
      "not by chance"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: lose, chance: 1.1}\n", "camera.faults[0].chance",
      "not within 0.0 to 1"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: stall, chance: 0.1, frames: 1001}\n", "camera.faults[0].frames",
      "at most 1000"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: clock_jump, at_frame: 3}\n", "camera.faults[0].kind",
      "belong together"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: lose, at_frame: 3, by_ms: 3}\n", "camera.faults[0].by_ms",
      "belong together"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: rate_drp, at_frame: 3}\n", "camera.faults[0].kind",
      "Did you mean 'rate_drop'?"
    ),
    (
      "camera:\n\(picture)  faults:\n    - {kind: xrun, at_frame: 3}\n", "camera.faults[0].kind", "is not one of"
    ),
    ("camera:\n\(picture)  faults:\n    - {kind: shutter, at_frame: 3}\n", "camera.faults", "needs 'shutter: true'"),
    ("camera:\n\(picture)  fps: 30\n", "camera.fps", "belongs into modes"),
    ("camera:\n\(picture)  shuter: true\n", "camera.shuter", "did you mean 'shutter'?"),
    ("camera:\n\(picture)  usb: {vendor: 46d, product: 0001}\n", "camera.usb.vendor", "four hexadecimal digits"),
    ("camera:\n\(picture)  usb: {vendor: 046d}\n", "camera.usb.vendor", "stand together"),
    ("camera:\n\(picture)  usb: {transfer: isochronos}\n", "camera.usb.transfer", "Did you mean 'isochronous'?"),
    (
      "camera:\n\(picture)  controls: [{name: Gain, minimum: 0, maximum: 1, standard: 0}]\n", "camera.controls[0].name",
      "as v4l2-ctl prints it"
    ),
    (
      "camera:\n\(picture)  controls: [{name: gain, minimum: 2, maximum: 1, standard: 2}]\n",
      "camera.controls[0].maximum", "below the minimum"
    ),
    (
      "camera:\n\(picture)  controls: [{name: gain, minimum: 0, maximum: 1, standard: 2}]\n",
      "camera.controls[0].standard", "not within minimum and maximum"
    ),
    (
      "camera:\n\(picture)  still: {modes: [{format: mjpeg, width: 320, height: 240}]}\n", "camera.still",
      "no larger than the stream"
    ),
    (
      "camera:\n  source: {kind: pattern}\n  modes: [{format: mjpeg, width: 641, height: 480, fps: 30}]\n",
      "camera.modes[0].width", "must be even"
    ),
    (
      "camera:\n  source: {kind: pattern}\n  modes: [{format: mjpeg, width: 640, height: 480, fps: 30 0.5}]\n",
      "camera.modes[0].fps", "a number from 1 to 240"
    ),
    (
      "camera:\n  source: {kind: pattern}\n  modes:\n    - {format: grey, width: 320, height: 240, fps: 30}\n"
        + "    - {format: grey, width: 320, height: 240, fps: 15}\n", "camera.modes[1].format", "stands here twice"
    ),
    ("camera:\n  source: {kind: file, file: a}\n  modes: []\n", "camera.modes", "a file decides this itself"),
    (
      "microphone:\n  source: {kind: tone}\n  rate: 44100\n  rates: 16000 48000\n", "microphone.rate",
      "none of its rates"
    ),
    ("microphone:\n  source: {kind: tone}\n  rates: 16000 4\n", "microphone.rates", "from 8000 to 192000"),
    ("quirks: {format: mjpeg}\n", "quirks", "need a match"),
    ("match: {vendor: 046d}\nquirks: {width: 320}\n", "quirks.width", "both sides"),
    ("match: {vendor: 046d}\nquirks: {controls: {Gain: 3}}\n", "quirks.controls.Gain", "as v4l2-ctl prints it"),
    ("match: {vendor: 046d}\nquirks: {controls: {gain: high}}\n", "quirks.controls.gain", "must be a whole number"),
    ("match: {prodct: 046d}\nmicrophone: {source: {kind: tone}}\n", "match.prodct", "did you mean 'product'?"),
  ])
  func theNewKeysAreRefusedAtTheirPlaceToo(text: String, key: String, message: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write(Array("name: x\n\(text)".utf8), "x.yaml")
    let problems = DeviceProfile.problems(path: path)
    #expect(problems.contains { $0.contains(": \(key): ") && $0.contains(message) }, "\(problems)")
    #expect(throws: SimulationError.self) { try DeviceProfile.load(path: path) }
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
