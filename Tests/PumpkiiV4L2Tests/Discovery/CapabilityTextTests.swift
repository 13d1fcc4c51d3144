import CPumpkiiV4L2
import PumpkiiCapture
import PumpkiiV4L2
import Testing

@Suite struct CapabilityTextTests {
  private let device = V4L2Device(
    identity: SensorIdentity(kind: .camera, id: "usb-1", name: "cam"), path: "/dev/video0", driver: "uvcvideo",
    card: "HD Pro Webcam C920", bus: "", usb: nil, kind: .capture)
  private let offers = [
    FormatOffer(fourcc: PK_FOURCC_YUYV, width: 640, height: 480, rates: [.init(30), .init(15)]),
    FormatOffer(fourcc: PK_FOURCC_MJPEG, width: 1280, height: 720, rates: [.init(30), .init(30000, 1001)]),
  ]

  @Test func theTextIsTheSameInWhateverOrderADriverLists() {
    let shuffled = offers.reversed().map { offer in
      FormatOffer(fourcc: offer.fourcc, width: offer.width, height: offer.height, rates: offer.rates.reversed())
    }
    let text = device.capabilities(offers)
    #expect(text == device.capabilities(shuffled + [shuffled[0]]))
    #expect(
      text == """
        card HD Pro Webcam C920
        driver uvcvideo
        format MJPG 1280x720 30000/1001,30/1
        format YUYV 640x480 15/1,30/1

        """)
    #expect(device.withCapabilities(offers).identity.capabilities == text)
  }

  @Test func anotherDeviceUnderTheSameNameHasAnotherText() {
    var stranger = device
    stranger.card = "HD Pro Webcam C922"
    #expect(stranger.capabilities(offers) != device.capabilities(offers))
    #expect(device.capabilities([offers[0]]) != device.capabilities(offers))
  }
}
