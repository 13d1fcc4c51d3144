import Glibc
import PumpkiiSimulation
import Testing

@Suite struct VirtualHostControllerTests {
  @Test func theKernelsTableIsRead() {
    let table = """
      hub port sta spd dev      sockfd local_busid
      hs  0000 006 003 00010002 000005 1-1
      hs  0001 004 000 00000000 000000 0-0
      hs  0002 005 000 00000000 000000 0-0
      ss  0008 004 000 00000000 000000 0-0
      """
    let ports = VirtualHostController.parse(table)
    #expect(ports.map(\.number) == [0, 1, 2])
    #expect(ports.map(\.isFree) == [false, true, false])
    #expect(ports.map(\.device) == ["1-1", nil, nil])
  }

  @Test func theTableOfOlderKernelsIsRead() {
    let ports = VirtualHostController.parse(
      "prt sta spd dev socket local_busid\n000 004 000 000 0000000000000000 0-0\n")
    #expect(ports.map(\.number) == [0])
    #expect(ports.map(\.isFree) == [true])
  }

  @Test(arguments: [(EACCES, "sudo"), (EPERM, "sudo"), (EBUSY, "--detach 3"), (EINVAL, "--list")])
  func aRefusalSaysWhatToDo(_ number: Int32, _ advice: String) {
    let error = VirtualHostController.refusal(errno: number, port: 3)
    #expect(error.code == .hostControllerRefused)
    #expect(error.advice.contains(advice))
  }

  @Test(.enabled(if: !VirtualHostController.isThere))
  func aMachineWithoutAControllerIsToldHowToGetOne() throws {
    let error = #expect(throws: SimulationError.self) { try VirtualHostController.ports() }
    #expect(error?.code == .hostControllerMissing)
    #expect(error?.advice.contains("modprobe vhci-hcd") == true)
    let webcam = try EmulatedWebcam(DeviceProfile(name: "none", camera: CameraProfile()))
    #expect(throws: SimulationError(.hostControllerMissing, "", advice: "")) { try webcam.attach() }
  }

  @Test func whatUSBVideoCannotCarryIsRefused() {
    let profile = DeviceProfile(name: "odd", camera: CameraProfile(format: .yuv444))
    #expect(throws: SimulationError(.profileInvalid, "", advice: "")) { try EmulatedWebcam(profile) }
  }
}
