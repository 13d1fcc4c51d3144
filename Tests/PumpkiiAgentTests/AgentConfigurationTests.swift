import PumpkiiAgent
import PumpkiiCapture
import PumpkiiDocument
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiWire
import Testing

@Suite struct AgentConfigurationTests {
  private func read(_ text: String) throws -> AgentConfiguration {
    try AgentConfiguration(Array(text.utf8), file: "agent.yaml")
  }

  @Test func anEmptyFileIsTheDefaults() throws {
    let configuration = try read("")
    #expect(configuration.padding == .padme)
    #expect(configuration.ceiling == nil)
    #expect(configuration.photoInterval == nil)
  }

  @Test func paddingHasItsSizeWhereItNeedsOne() throws {
    #expect(try read("padding: none").padding == .none)
    #expect(try read("padding: bucket\npadding_bytes: 4096").padding == .bucket(bytes: 4096))
    #expect(try read("padding: constant\npadding_bytes: 65536").padding == .constant(bytes: 65536))
    #expect(throws: DocumentError.self) { try read("padding: constant") }
    #expect(throws: DocumentError.self) { try read("padding: padme\npadding_bytes: 4096") }
  }

  @Test func recordingIsSetUpInTheFile() throws {
    #expect(try read("").record == RecordSettings())
    let configuration = try read(
      """
      record:
        mode: continuous
        pre_roll_seconds: 5
        post_roll_seconds: 20
        max_clip_seconds: 60
        days: 7
        bytes: 1073741824
        on_withdraw: delete
        queued_on_withdraw: delete
        after_upload: delete
        upload_earlier: true
      """)
    var wanted = RecordSettings()
    wanted.mode = .continuous
    wanted.preRollSeconds = 5
    wanted.postRollSeconds = 20
    wanted.maxClipSeconds = 60
    wanted.days = 7
    wanted.bytes = 1 << 30
    wanted.onWithdraw = .delete
    wanted.queuedOnWithdraw = .delete
    wanted.afterUpload = .delete
    wanted.uploadEarlier = true
    #expect(configuration.record == wanted)
    for line in ["mode: always", "pre_roll_seconds: 3", "days: 0", "bytes: 1024", "on_withdraw: maybe"] {
      #expect(throws: DocumentError.self, "\(line)") { try read("record:\n  \(line)") }
    }
  }

  @Test func aMistypedFlagInTheCeilingIsRefusedWithItsPlace() {
    let problems = AgentConfiguration.problems(Array("ceiling:\n  sensor.micro: deny\n".utf8), file: "agent.yaml")
    #expect(problems.map(\.line) == [2])
    #expect(problems.first?.keyPath == "ceiling.sensor.micro")
  }

  @Test func aCeilingNamesWhatItAllows() throws {
    let configuration = try read("ceiling:\n  sensor.camera: allow\n  share.audio: deny\n")
    #expect(configuration.ceiling == [.sensorCamera: true, .shareAudio: false])
  }

  @Test func aRealCameraIsAskedForInTheFile() throws {
    let configuration = try read(
      """
      camera:
        device: usb-046d-082d-none-pci-1
        width: 1280
        height: 720
        fps: 29.97
        format: mjpeg
        frozen_after_ms: 1500
        controls: { power_line_frequency: 1, exposure_time_absolute: 250 }
      microphone: { device: "hw:CARD=webcam", rate: 16000, channels: 1 }
      photo: { size: stream }
      """)
    #expect(configuration.camera == "usb-046d-082d-none-pci-1")
    let wish = CameraWish(
      width: 1280, height: 720, rate: 29.97, pixels: .mjpeg,
      controls: ["power_line_frequency": 1, "exposure_time_absolute": 250], frozenAfter: 1_500_000_000)
    #expect(configuration.cameraWish == wish)
    #expect(configuration.microphone == "hw:CARD=webcam")
    #expect(configuration.microphoneWish == MicrophoneWish(sampleRate: 16_000, channels: 1))
    #expect(configuration.photoSize == .stream)
  }

  @Test(arguments: [
    "camera: { devise: auto }", "camera: { format: divx }", "camera: { controls: { brightness: high } }",
    "microphone: { channels: 3 }", "photo: { size: huge }", "camera: { fps: 0 }",
  ])
  func aMistakeInADevicesSectionIsRefused(text: String) {
    #expect(throws: DocumentError.self) { try read(text) }
  }

  @Test func masksZonesAndPreviewAreRead() throws {
    let configuration = try read(
      """
      privacy:
        masks:
          - { left: 0, top: 0, width: 250, height: 1000 }
          - { left: 900, top: 500, width: 100, height: 100 }
      detect:
        motion:
          sensitivity: 0.8
          minimum_area: 10
          quiet_seconds: 8
          zones:
            - { name: door, left: 500, top: 0, width: 500, height: 1000 }
            - { name: tree, kind: exclude, left: 0, top: 0, width: 100, height: 1000 }
        sound: { margin_db: 20, least_dbfs: -40 }
      preview: { listen: "127.0.0.1:8080", fps: 5 }
      metrics: { listen: "127.0.0.1:9090" }
      notices: { sensor: true }
      """)
    #expect(configuration.metrics == PreviewSettings(host: "127.0.0.1", port: 9090))
    #expect(configuration.notices == [.sensor, .failure])
    #expect(configuration.video.masks.areas.count == 2)
    #expect(configuration.video.masks.areas.first == PictureArea(left: 0, top: 0, width: 250, height: 1000))
    #expect(configuration.motion.sensitivity == 0.8 && configuration.motion.minimumArea == 0.01)
    #expect(configuration.motion.quiet == 8_000_000_000)
    #expect(configuration.motion.zones.map(\.name) == ["door", "tree"])
    #expect(configuration.motion.zones.map(\.kind) == [.include, .exclude])
    #expect(configuration.sound.margin == 20 && configuration.sound.least == -40)
    #expect(configuration.preview == PreviewSettings(host: "127.0.0.1", port: 8080, rate: 5))
    let plain = try read("")
    #expect(plain.preview.host == nil && plain.video.masks.isEmpty && plain.motion == MotionSettings())
  }

  @Test(arguments: [
    ("privacy: { masks: [ { left: 0, top: 0, width: 10, heigth: 10 } ] }", "privacy.masks[0].heigth"),
    ("privacy: { mask: [] }", "privacy.mask"),
    ("privacy: { masks: [] }", "privacy.masks"),
    ("privacy: { masks: [ { left: 900, top: 0, width: 200, height: 10 } ] }", "privacy.masks[0]"),
    ("privacy: { masks: [ { left: 0, top: 0, width: 0, height: 10 } ] }", "privacy.masks[0].width"),
    ("privacy: { masks: [ 12 ] }", "privacy.masks[0]"),
    ("privacy: { masks: { left: 0 } }", "privacy.masks"),
    ("camera: { format: h264 }\nprivacy: { masks: [ { left: 0, top: 0, width: 9, height: 9 } ] }", "privacy.masks"),
    ("detect: { motion: { zones: [ { left: 0, top: 0, width: 9, height: 9 } ] } }", "detect.motion.zones[0].name"),
    ("detect: { motion: { sensitivty: 1 } }", "detect.motion.sensitivty"),
    ("detect: { sound: { margin: 1 } }", "detect.sound.margin"),
    ("preview: { listen: \"0.0.0.0:80\" }", "preview.listen"),
    ("preview: { listen: \"camera.local:80\", lan: true }", "preview.listen"),
    ("metrics: { listen: \"0.0.0.0:9090\" }", "metrics.listen"),
    ("metrics: { listen: \"192.168.1.2:9090\" }", "metrics.listen"), ("metrics: { lan: true }", "metrics.lan"),
    ("metrics: { listen: 9090 }", "metrics.listen"), ("notices: { failure: true }", "notices.failure"),
    ("preview: { names: [\"camera.local\"] }", "preview.names"),
    ("preview: { lan: true, names: [\"http://camera\"] }", "preview.names"),
    ("preview: { lan: 1 }", "preview.lan"), ("preview: { port: 80 }", "preview.port"),
  ])
  func whatWasMeantOtherwiseIsRefusedWithItsPlace(text: String, key: String) {
    let problems = AgentConfiguration.problems(Array(text.utf8), file: "agent.yaml")
    #expect(problems.contains { $0.keyPath == key }, "\(problems)")
  }
}
