internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiCapture
internal import PumpkiiSimulation
internal import PumpkiiSystem
internal import PumpkiiV4L2

/// A profile of the camera at hand: a fake like it, for tests and for others who have not got one.
struct DevicesRecord: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record",
    abstract: "Write a device profile of a real camera to standard output.",
    discussion: """
      Example: pumpkii devices record > devices/mine.yaml && pumpkii devices check devices/mine.yaml
      It says what the camera offers and which knobs it has; no picture is taken and no serial number is kept.
      """)

  @Option(help: "Which camera: auto, an id of `pumpkii devices`, or /dev/videoN.")
  var camera = "auto"

  @Option(help: "The profile's name. Default that of the camera.")
  var name: String?

  func run() async throws {
    try await Program.run {
      let device = try CameraChoice(camera).device(among: V4L2Directory())
      let inspection = await DeviceThread.run(named: "record") { V4L2Inspection(device) }
      if let problem = inspection.problem { throw problem }
      let profile = DeviceProfile.recorded(
        name: name ?? device.card, identity: device.identity,
        modes: inspection.offers.compactMap(CameraMode.init(offer:)),
        controls: inspection.controls.compactMap(ControlProfile.init(control:)),
        hasShutter: inspection.controls.contains { $0.name == "privacy" })
      Output.line(profile.yaml)
    }
  }
}

extension CameraMode {
  /// Nil for a format that a profile cannot say.
  fileprivate init?(offer: FormatOffer) {
    guard let pixels = offer.pixels, !offer.needsConversion,
      let format = CameraProfile.Format(rawValue: pixels.rawValue)
    else { return nil }
    self.init(format: format, width: offer.width, height: offer.height, rates: offer.rates.map(\.value))
  }
}

extension ControlProfile {
  /// Nil for a knob that takes no number.
  fileprivate init?(control: ControlDescription) {
    guard [.integer, .boolean, .menu, .integerMenu].contains(control.kind), control.name != "privacy" else {
      return nil
    }
    self.init(
      name: control.name, minimum: control.minimum, maximum: control.maximum, step: control.step,
      standard: control.standard)
  }
}
