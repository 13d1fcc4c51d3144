import PumpkiiCapture
import PumpkiiSimulation
import Testing

@Suite struct ProfileWritingTests {
  private func back(_ profile: DeviceProfile) throws -> DeviceProfile {
    try DeviceProfile.parse(Array(profile.yaml.utf8), file: "\(profile.folder)/x.yaml")
  }

  @Test(arguments: ProfileTests.names) func everyProfileComesBackAsItWas(name: String) throws {
    let profile = try DeviceProfile.load(path: "\(repository)/devices/\(name)")
    #expect(try back(profile) == profile, "\(profile.yaml)")
  }

  @Test func everyKindOfFaultComesBack() throws {
    let triggers: [Fault.Trigger] = [.unit(7), .time(1_234_567), .chance(0.125)]
    let camera = Set(Fault.Kind.allCases).subtracting([.xrun, .suspend])
    var faults: [Fault] = []
    for kind in Fault.Kind.allCases where camera.contains(kind) {
      for trigger in triggers {
        if kind == .rateDrop, case .chance = trigger { continue }
        faults.append(Fault(kind, when: trigger, opening: 3, by: kind == .clockJump ? -1_500_000 : 0))
      }
    }
    faults.append(Fault(.lose, at: 3, count: 9))
    faults.append(Fault(.shutter, when: .time(5_000_000), length: 33_333_333))
    faults.append(Fault(.controlStall, when: .unit(3), length: 2_000_000_000))
    faults.append(Fault(.unplug, at: 3, backAfter: 700_000_000))
    var profile = DeviceProfile(name: "x", camera: smallCamera(faults: faults), folder: "f")
    profile.camera?.format = .mjpeg
    profile.camera?.hasShutter = true
    #expect(try back(profile) == profile, "\(profile.yaml)")
  }

  @Test func namesOfAnyKindComeBack() throws {
    let name = "a \"b\" \\ c: #d {e} – ü\t[true]"
    let profile = DeviceProfile(
      name: "x", description: name, camera: CameraProfile(name: name, source: .file("\(name).mjpeg")),
      microphone: MicrophoneProfile(name: "3.5", source: .file("yes")), folder: "f")
    #expect(try back(profile) == profile, "\(profile.yaml)")
  }

  @Test func aRecordedCameraIsAProfileThatMatchesIt() throws {
    let identity = SensorIdentity(
      kind: .camera, id: "usb-05a3-9230-SECRET99-platform-x-usb-0:1", name: "USB 2.0 Camera: HD\u{7}")
    let modes = [
      CameraMode(format: .mjpeg, width: 1920, height: 1080, rates: [30]),
      CameraMode(format: .yuyv, width: 640, height: 480, rates: [7.5, 30, 0.2]),
      CameraMode(format: .yuyv, width: 640, height: 480, rates: [15]),
      CameraMode(format: .yuyv, width: 641, height: 480, rates: [15]),
      CameraMode(format: .yuyv, width: 32, height: 32, rates: [15]),
    ]
    let controls = [
      ControlProfile(name: "brightness", minimum: -64, maximum: 64, standard: 99),
      ControlProfile(name: "brightness", minimum: 0, maximum: 1, standard: 0),
      ControlProfile(name: "Bad Name", minimum: 0, maximum: 1, standard: 0),
      ControlProfile(name: "gain", minimum: 2, maximum: 1, standard: 0),
    ]
    let recorded = DeviceProfile.recorded(
      name: "My Camera (desk)", identity: identity, modes: modes, controls: controls, hasShutter: true)
    #expect(recorded.name == "my-camera-desk")
    #expect(recorded.camera?.modes.map(\.rates) == [[30], [30, 7.5]])
    #expect(recorded.camera?.controls.map(\.standard) == [64])
    #expect(recorded.match == DeviceMatch(vendor: 0x05A3, product: 0x9230))
    #expect(!recorded.yaml.contains("SECRET99"))
    #expect(recorded.yaml.contains("# "))
    let folder = try ScratchFolder()
    let path = try folder.write(Array(recorded.yaml.utf8), "mine.yaml")
    #expect(DeviceProfile.problems(path: path) == [])
    var loaded = try DeviceProfile.load(path: path)
    loaded.folder = recorded.folder
    #expect(loaded == recorded)
    #expect(try SimulatedDevice(loaded, clock: ManualClock()).camera?.format.width == 1920)
  }

  @Test func aCameraOfWhichLittleIsKnownIsAProfileToo() throws {
    let recorded = DeviceProfile.recorded(
      name: "", identity: SensorIdentity(kind: .camera, id: "platform-x", name: ""), modes: [])
    #expect(recorded.match == nil)
    #expect(try back(recorded) == recorded)
  }
}
