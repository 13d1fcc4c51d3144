import PumpkiiSimulation
import Testing

@Suite struct EmulationTests {
  @Test(arguments: ProfileTests.names) func everyProfileMakesAnEmulatedWebcamThatIsNotPluggedIn(name: String) throws {
    let profile = try DeviceProfile.load(path: "\(repository)/devices/\(name)")
    let webcam = try EmulatedWebcam(profile)
    #expect(webcam.profile == profile)
    #expect(webcam.log.events.isEmpty, "a profile alone plugs nothing in")
  }

  @Test(arguments: [CameraProfile.Format.yuv422, .yuv444]) func whatTheBusCannotCarryIsRefused(
    format: CameraProfile.Format
  ) {
    let profile = DeviceProfile(name: "planar", camera: CameraProfile(format: format, fps: 30))
    #expect(throws: SimulationError.self) { try EmulatedWebcam(profile) }
  }
}
