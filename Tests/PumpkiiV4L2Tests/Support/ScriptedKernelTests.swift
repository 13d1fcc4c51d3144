import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2
import Testing

@Suite struct ScriptedKernelTests {
  @Test("a handle opens, asks and closes") func opens() throws {
    let node = ScriptedNode([.mjpeg(), .yuyv()])
    let kernel = ScriptedKernel(["/dev/video0": node])
    let handle = try V4L2Handle(path: "/dev/video0", kernel: kernel)
    #expect(try handle.capabilities().card == "Scripted Camera")
    #expect(handle.formats().map(\.description) == ["MJPG 1280×720 30", "YUYV 640×480 30"])
    handle.close()
    kernel.expectBalance()
  }
}
