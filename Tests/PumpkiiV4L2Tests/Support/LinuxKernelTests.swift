import CPumpkiiV4L2
import Glibc
import PumpkiiCapture
import PumpkiiV4L2
import Testing

/// The calls themselves, on what every machine has.
@Suite struct LinuxKernelTests {
  private let kernel = LinuxKernel()

  @Test("a waker ends a wait, stays up until it is taken down, and can be raised twice") func waker() {
    let waker = kernel.makeWaker()
    #expect(waker >= 0)
    var entries = [PollEntry(waker, Int16(POLLIN)), PollEntry(-1, Int16(POLLIN))]
    #expect(kernel.poll(&entries, timeout: 0) == 0)
    kernel.wake(waker)
    kernel.wake(waker)
    #expect(kernel.poll(&entries, timeout: 10_000) == 1)
    #expect(entries.map(\.happened) == [Int16(POLLIN), 0])
    kernel.rest(waker)
    kernel.rest(waker)
    #expect(kernel.poll(&entries, timeout: 0) == 0)
    kernel.close(waker)
    #expect(kernel.poll(&entries, timeout: 0) == 1)
    #expect(entries[0].happened == Int16(POLLNVAL))
  }

  @Test("what fails says so as a negative errno") func errors() {
    #expect(kernel.open("/dev/does-not-exist", flags: O_RDWR) == -ENOENT)
    let null = kernel.open("/dev/null", flags: O_RDWR)
    #expect(null >= 0)
    #expect(fcntl(null, F_GETFD) & FD_CLOEXEC != 0)
    var answer: UInt64 = 0
    unsafe #expect(kernel.ioctl(null, PK_VIDIOC_QUERYCAP, &answer) == -ENOTTY)
    unsafe #expect(kernel.ioctl(-1, PK_VIDIOC_QUERYCAP, &answer) == -EBADF)
    unsafe #expect(kernel.map(-1, length: 4096, offset: 0, writable: false) == nil)
    kernel.close(null)
  }

  @Test("memory is mapped and unmapped, and the clock goes on") func maps() throws {
    let zero = kernel.open("/dev/zero", flags: O_RDWR)
    let before = kernel.now()
    let address = unsafe try #require(kernel.map(zero, length: 8192, offset: 0, writable: true))
    unsafe address.storeBytes(of: 7, as: UInt8.self)
    unsafe #expect(address.load(as: UInt8.self) == 7)
    unsafe kernel.unmap(address, length: 8192)
    kernel.close(zero)
    #expect(kernel.now() >= before)
  }

  @Test("checklist 14: a file that is no video node is refused in words, not taken for a camera") func noNode() throws {
    let handle = try V4L2Handle(path: "/dev/null", kernel: kernel)
    #expect(throws: CallError("QUERYCAP", errno: ENOTTY)) { try handle.capabilities() }
    handle.close()
    let error = #expect(throws: CaptureError.self) { try V4L2Handle(path: "/dev/video-none", kernel: kernel) }
    #expect(error?.code == .gone)
  }
}
