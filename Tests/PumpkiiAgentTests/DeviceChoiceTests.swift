import PumpkiiAgent
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct DeviceChoiceTests {
  @Test func wordsAreReadAsWhatTheyMean() {
    #expect(CameraChoice("auto") == .automatic)
    #expect(CameraChoice("/dev/video3") == .path("/dev/video3"))
    #expect(CameraChoice("rpicam") == .child("rpicam-vid"))
    #expect(CameraChoice("libcamera-vid") == .child("libcamera-vid"))
    #expect(CameraChoice("usb-046d-082d-none-pci-1") == .identity("usb-046d-082d-none-pci-1"))
    #expect(MicrophoneChoice("auto") == .automatic)
    #expect(MicrophoneChoice("none") == .none)
    #expect(MicrophoneChoice("hw:CARD=webcam,DEV=0") == .pcm("hw:CARD=webcam,DEV=0"))
    #expect(MicrophoneChoice("usb-046d-082d-none-pci-1") == .identity("usb-046d-082d-none-pci-1"))
    #expect(MicrophoneChoice("card-webcam") == .identity("card-webcam"))
  }

  /// A machine without a single device.
  private let nothing = V4L2Directory(root: "/nowhere", kernel: LinuxKernel())

  @Test(arguments: ["auto", "usb-046d-082d-none-pci-1"])
  func aCameraThatIsNotThereIsGoneWithAdvice(word: String) {
    let error = #expect(throws: CaptureError.self) { try CameraChoice(word).camera(CameraWish(), among: nothing) }
    #expect(error?.code == .gone)
    #expect(error?.advice.contains("pumpkii do") == true || error?.advice.contains("pumpkii devices") == true)
  }

  @Test func aNodeGivenByHandNeedsNoSysfs() throws {
    let camera = try CameraChoice("/dev/video42").camera(CameraWish(), among: nothing)
    #expect(camera.identity.id == "path-/dev/video42")
    #expect(throws: CaptureError(.gone, "", advice: "")) { try camera.open() }
  }

  @Test func noMicrophoneIsNone() throws {
    #expect(try MicrophoneChoice("none").microphone(MicrophoneWish(), beside: nil) == nil)
  }
}
