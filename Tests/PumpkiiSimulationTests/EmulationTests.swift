import PumpkiiSimulation
import Testing

@Suite struct EmulationTests {
  @Test(arguments: ProfileTests.names) func everyProfileMakesAnEmulatedWebcam(name: String) throws {
    _ = try EmulatedWebcam(try DeviceProfile.load(path: "\(repository)/devices/\(name)"))
  }
}
