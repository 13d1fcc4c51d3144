import PumpkiiAgent
import PumpkiiCapture
import PumpkiiDocument
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
        after_upload: delete
      """)
    var wanted = RecordSettings()
    wanted.mode = .continuous
    wanted.preRollSeconds = 5
    wanted.postRollSeconds = 20
    wanted.maxClipSeconds = 60
    wanted.days = 7
    wanted.bytes = 1 << 30
    wanted.onWithdraw = .delete
    wanted.afterUpload = .delete
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
}
