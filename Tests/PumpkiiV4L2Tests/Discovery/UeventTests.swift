import PumpkiiV4L2
import Testing

@Suite struct UeventTests {
  private func bytes(_ strings: String...) -> [UInt8] { strings.flatMap { Array($0.utf8) + [0] } }

  @Test("checklist 8: a kernel's message tells action, subsystem and node")
  func read() throws {
    let path = "/devices/platform/vhci_hcd.0/usb1/1-1/1-1:1.0/video4linux/video0"
    let event = try #require(
      Uevent(
        bytes(
          "add@\(path)", "ACTION=add", "DEVPATH=\(path)", "SUBSYSTEM=video4linux", "MAJOR=81", "DEVNAME=video0",
          "SEQNUM=2301")))
    #expect(event.action == "add" && event.path == path && event.node == "video0")
    #expect(event.subsystem == "video4linux" && event.isOurs)
  }

  @Test func onlyCamerasAndSoundCardsAreOurs() throws {
    #expect(Uevent(bytes("remove@/a", "SUBSYSTEM=sound"))?.isOurs == true)
    #expect(Uevent(bytes("add@/a", "SUBSYSTEM=usb"))?.isOurs == false)
    #expect(Uevent(bytes("add@/a", "SUBSYSTEM=video4linux_fake"))?.isOurs == false)
  }

  @Test(arguments: ["", "libudev", "no at sign\u{0}SUBSYSTEM=sound", "add@/a\u{0}DEVNAME=video0", "\u{0}\u{0}"])
  func whatIsNoUeventIsNone(text: String) { #expect(Uevent(Array(text.utf8)) == nil) }
}
