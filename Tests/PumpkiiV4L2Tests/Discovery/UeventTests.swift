import Glibc
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

  /// Messages that wait, or errors, one after the other; then nothing.
  private func drain(_ answers: [(bytes: [UInt8], result: Int?)]) -> Bool {
    var rest = answers
    return Uevent.drain { room in
      guard !rest.isEmpty else { return -Int(EAGAIN) }
      let next = rest.removeFirst()
      room.replaceSubrange(0..<next.bytes.count, with: next.bytes)
      return next.result ?? next.bytes.count
    }
  }

  @Test("checklist 8: messages that the kernel had to drop mean that anything may have changed")
  func overflow() {
    #expect(drain([([], -Int(ENOBUFS))]))
    #expect(!drain([([], -Int(ENOMEM))]) && !drain([]))
  }

  @Test("checklist 8: all that waits is read, and one message of ours among it is enough")
  func all() {
    let other = bytes("add@/a", "SUBSYSTEM=usb")
    let ours = bytes("add@/b", "SUBSYSTEM=video4linux")
    #expect(drain([(other, nil), (ours, nil), (other, nil)]))
    #expect(!drain([(other, nil), (other, nil)]))
    // Not the kernel's: of no length, whatever it says.
    #expect(!drain([(ours, 0)]))
  }

  @Test func aStormThatDoesNotEndIsLeftForLater() {
    var count = 0
    #expect(
      !Uevent.drain { _ in
        count += 1
        return 0
      })
    #expect(count < 10_000)
  }
}
