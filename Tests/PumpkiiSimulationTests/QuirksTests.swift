import PumpkiiCapture
import PumpkiiSimulation
import Testing

@Suite struct QuirksTests {
  private func camera(_ id: String, _ name: String = "HD Pro Webcam C920") -> SensorIdentity {
    SensorIdentity(kind: .camera, id: id, name: name)
  }

  private func folder(_ profiles: [(String, String)]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    for (name, text) in profiles { try folder.write(Array("name: \(name)\n\(text)\n".utf8), "\(name).yaml") }
    return folder
  }

  @Test func theProfilesThatComeWithThePackageKnowTheirCameras() {
    let devices = "\(repository)/devices"
    let quirks = DeviceProfile.quirks(for: camera("usb-046d-082d-0C920DEF-pci-0000:00:14.0-usb-0:1.2"), in: devices)
    #expect(quirks?.pixels == .mjpeg)
    #expect(quirks?.size == CameraQuirks.Size(width: 1280, height: 720))
    #expect(quirks?.controls == ["exposure_dynamic_framerate": 0])
    #expect(DeviceProfile.quirks(for: camera("usb-534d-2109-none-x", "USB Video"), in: devices)?.controls.count == 4)
    #expect(DeviceProfile.quirks(for: camera("usb-05a3-9230-none-x", "USB 2.0 Camera"), in: devices)?.rate == 30)
  }

  @Test(arguments: ["usb-046d-0825-S-x", "usb-9999-082d-S-x", "fake-046d-082d", "usb", "platform-vivid.0-video0", ""])
  func anotherCameraHasNoQuirks(id: String) {
    #expect(DeviceProfile.quirks(for: camera(id), in: "\(repository)/devices") == nil)
  }

  @Test func aMicrophoneOfTheSameDeviceHasNone() {
    let identity = SensorIdentity(kind: .microphone, id: "usb-046d-082d-S-x", name: "HD Pro Webcam C920")
    #expect(DeviceProfile.quirks(for: identity, in: "\(repository)/devices") == nil)
  }

  @Test func theNarrowestMatchWinsAndABrokenProfileIsPassedOver() throws {
    let made = try folder([
      ("a-broken", "match: { vendor: 046d }\nquirks: { fps: many }"),
      ("b-vendor", "match: { vendor: 046d }\nquirks: { fps: 5 }"),
      ("c-name", "match: { vendor: 046d, name: C920 }\nquirks: { fps: 10 }"),
      ("d-product", "match: { vendor: 046d, product: 082d }\nquirks: { fps: 15 }"),
      ("e-both", "match: { vendor: 046d, product: 082d, name: C920 }\nquirks: { fps: 20 }"),
      ("f-both", "match: { vendor: 046d, product: 082d, name: C9 }\nquirks: { fps: 25 }"),
    ])
    func rate(_ id: String, _ name: String) -> Double? {
      DeviceProfile.quirks(for: camera(id, name), in: made.path)?.rate
    }
    #expect(rate("usb-046d-082d-S-x", "HD Pro Webcam C920") == 20)
    #expect(rate("usb-046d-082d-S-x", "Other") == 15)
    #expect(rate("usb-046d-0001-S-x", "C920e") == 10)
    #expect(rate("usb-046d-0001-S-x", "Other") == 5)
    #expect(DeviceProfile.quirks(for: camera("usb-046d-082d-S-x"), in: made.file("none")) == nil)
  }

  @Test func theConfigurationWinsOverTheQuirks() {
    let quirks = CameraQuirks(
      pixels: .mjpeg, size: .init(width: 1280, height: 720), rate: 30, controls: ["gain": 1, "focus_absolute": 5],
      frozenAfter: 9)
    let open = quirks.wish(under: CameraWish(use: .raw, lendsBuffers: true))
    #expect(
      open
        == CameraWish(
          width: 1280, height: 720, rate: 30, pixels: .mjpeg, use: .raw,
          controls: ["gain": 1, "focus_absolute": 5], lendsBuffers: true, frozenAfter: 9))
    let own = CameraWish(width: 640, rate: 15, pixels: .yuyv, controls: ["gain": 7], frozenAfter: 3)
    let wish = quirks.wish(under: own)
    // A width alone is a wish for a size of that width, not for the quirks' height.
    #expect(wish.width == 640 && wish.height == nil)
    #expect(wish.rate == 15 && wish.pixels == .yuyv && wish.frozenAfter == 3)
    #expect(wish.controls == ["gain": 7, "focus_absolute": 5])
  }
}
