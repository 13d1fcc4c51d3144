internal import ArgumentParser
internal import PumpkiiDocument
internal import PumpkiiSimulation
internal import PumpkiiSystem

/// The devices that can be played without having them.
struct DevicesProfiles: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profiles",
    abstract: "List the device profiles and what each delivers.",
    discussion: "Example: pumpkii devices profiles --folder devices")

  @Option(help: "The folder with the profiles.")
  var folder = "devices"

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await Program.run {
      var rows: [String] = []
      for name in try DurableFile.list(folder) where name.hasSuffix(".yaml") {
        let profile = try DeviceProfile.load(path: "\(folder)/\(name)")
        rows.append(json ? Self.object(profile, "\(folder)/\(name)") : Self.text(profile, "\(folder)/\(name)"))
      }
      Output.line(json ? "{\"devices\":[\(rows.joined(separator: ","))]}" : rows.joined(separator: "\n"))
    }
  }

  private static func text(_ profile: DeviceProfile, _ path: String) -> String {
    var parts = ["\(path)", "  \(profile.description)"]
    if let camera = profile.camera { parts.append("  camera: \(camera.name), \(size(camera))") }
    if let microphone = profile.microphone { parts.append("  microphone: \(microphone.name)") }
    return parts.joined(separator: "\n")
  }

  private static func size(_ camera: CameraProfile) -> String {
    if case .file(let path) = camera.source { return "plays \(path)" }
    return "\(camera.format.rawValue) \(camera.width)x\(camera.height)" + (camera.fps.map { " at \($0) fps" } ?? "")
  }

  private static func object(_ profile: DeviceProfile, _ path: String) -> String {
    var fields = [#""path":\#(JSONText.quote(path))"#, #""name":\#(JSONText.quote(profile.name))"#]
    fields.append(#""description":\#(JSONText.quote(profile.description))"#)
    if let camera = profile.camera {
      fields.append(
        #""camera":{"name":\#(JSONText.quote(camera.name)),"format":"\#(camera.format.rawValue)","width":\#(camera.width),"height":\#(camera.height)}"#
      )
    }
    if let microphone = profile.microphone {
      fields.append(#""microphone":{"name":\#(JSONText.quote(microphone.name))}"#)
    }
    return "{\(fields.joined(separator: ","))}"
  }
}
