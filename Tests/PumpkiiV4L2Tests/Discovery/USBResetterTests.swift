import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Synchronization
import Testing

@Suite struct USBResetterTests {
  private let usb = USBAddress(
    bus: 1, device: 4, speed: 480, vendor: 0x046D, product: 0x082D, portPath: "1-1.2",
    sysfsPath: "/sys/devices/x/1-1.2",
    nodePath: "/dev/bus/usb/001/004")

  private func failure(_ body: () throws -> Void) throws -> CaptureError {
    try #require(throws: CaptureError.self) { try body() }
  }

  @Test("checklist 30 c: a reset is USBDEVFS_RESET on the device's own file, and the file is closed")
  func reset() throws {
    let kernel = UsbfsKernel()
    try USBResetter(kernel: kernel, write: { _, _ in -EIO }).reset(usb)
    #expect(
      kernel.log.withLock { $0 } == ["open /dev/bus/usb/001/004 writing", "reset", "close"])
  }

  @Test("checklist 30 d: a device is taken from its drivers and given back, in that order")
  func reauthorize() throws {
    let log = Mutex<[String]>([])
    let resetter = USBResetter(kernel: UsbfsKernel()) { path, text in
      log.withLock { $0.append("\(text) > \(path)") }
      return 0
    }
    try resetter.reauthorize(usb)
    #expect(
      log.withLock { $0 } == ["0 > /sys/devices/x/1-1.2/authorized", "1 > /sys/devices/x/1-1.2/authorized"])
  }

  @Test("checklist 30 d: a device that was taken is given back at a second try")
  func secondTry() throws {
    let answers = Mutex<[Int32]>([0, -EIO, 0])
    let resetter = USBResetter(kernel: UsbfsKernel()) { _, _ in answers.withLock { $0.removeFirst() } }
    try resetter.reauthorize(usb)
    #expect(answers.withLock { $0.isEmpty })
  }

  @Test("checklist 30: without the right the advice is the line for udev", arguments: [EACCES, EPERM, EROFS])
  func noRight(errno: Int32) throws {
    let kernel = UsbfsKernel(openResult: -errno)
    let resetter = USBResetter(kernel: kernel) { _, _ in -errno }
    let reset = try failure { try resetter.reset(usb) }
    #expect(reset == CaptureError(.noPermission, "", advice: ""))
    let match = "ATTR{idVendor}==\"046d\", ATTR{idProduct}==\"082d\""
    #expect(reset.advice.contains(match) && reset.advice.contains("GROUP=\"video\", MODE=\"0660\""))
    let authorize = try failure { try resetter.reauthorize(usb) }
    #expect(authorize == reset && authorize.advice.contains("authorized") && authorize.advice.contains(match))
  }

  @Test func aDeviceThatWentIsGoneAndOtherErrorsAreFailures() throws {
    let gone = USBResetter(kernel: UsbfsKernel(openResult: -ENOENT)) { _, _ in -ENODEV }
    #expect(try failure { try gone.reset(usb) } == CaptureError(.gone, "", advice: ""))
    #expect(try failure { try gone.reauthorize(usb) } == CaptureError(.gone, "", advice: ""))
    let kernel = UsbfsKernel(resetResult: -EIO)
    #expect(
      try failure { try USBResetter(kernel: kernel, write: { _, _ in 0 }).reset(usb) }
        == CaptureError(.failed, "", advice: ""))
    #expect(kernel.log.withLock { $0.last } == "close")
  }

  @Test func theMachinesOwnResetterMakesNoFile() throws {
    var absent = usb
    absent.sysfsPath = "/tmp/pumpkii-no-such-device"
    absent.nodePath = "/tmp/pumpkii-no-such-device/node"
    #expect(try failure { try USBResetter().reauthorize(absent) } == CaptureError(.gone, "", advice: ""))
    #expect(try failure { try USBResetter().reset(absent) } == CaptureError(.gone, "", advice: ""))
    #expect(unsafe access(absent.authorizedPath, F_OK) != 0)
  }
}

/// A usbfs that writes down what is asked of it.
private final class UsbfsKernel: DeviceKernel {
  let log = Mutex<[String]>([])
  private let openResult: Int32
  private let resetResult: Int32

  init(openResult: Int32 = 7, resetResult: Int32 = 0) {
    self.openResult = openResult
    self.resetResult = resetResult
  }

  func open(_ path: String, flags: Int32) -> Int32 {
    log.withLock { $0.append("open \(path)\(flags & O_WRONLY != 0 ? " writing" : "")") }
    return openResult
  }
  func close(_ descriptor: Int32) { log.withLock { $0.append("close") } }
  func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    log.withLock { $0.append(unsafe request == PK_USBDEVFS_RESET && argument == nil ? "reset" : "ioctl \(request)") }
    return resetResult
  }
  func map(_ descriptor: Int32, length: Int, offset: Int64, writable: Bool) -> UnsafeMutableRawPointer? { nil }
  func unmap(_ address: UnsafeMutableRawPointer, length: Int) {}
  func poll(_ entries: inout [PollEntry], timeout: Int32) -> Int32 { 0 }
  func now() -> UInt64 { 0 }
  func makeWaker() -> Int32 { -1 }
  func wake(_ waker: Int32) {}
  func rest(_ waker: Int32) {}
}
