internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiWire

/// Becomes a camera's owner.
struct PairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pair",
    abstract: "Become the owner of a camera that shows a code.",
    discussion: """
      Example: pumpkii pair 7M2K-9XQ4-… --name porch
               pumpkii pair 'pumpkii:pair?r=https://relay.example:8443&…'
      The code is shown by `pumpkii agent pair` on the camera. It works once and for ten minutes.
      """)

  @Argument(help: "The code as shown, or the link of the QR code.")
  var code: String

  @Option(help: "What to call the camera.")
  var name: String?

  @Option(help: "Seconds to wait for the camera.")
  var wait: Double = 60

  @Flag(help: "Print JSON.")
  var json = false

  @OptionGroup var options: HomeOption

  private struct Paired: Encodable {
    let device: String
    let name: String
  }

  func run() async throws {
    try await Program.run {
      let (code, name, json) = (code, name, json)
      let timeout = Duration.milliseconds(Int64(max(1, min(wait, 600)) * 1000))
      try await options.withAccount(.pair) { account in
        let camera = try await account.pair(code, name: name, timeout: timeout)
        if json {
          try JSONOutput.line(Paired(device: camera.device, name: camera.name))
        } else {
          Output.line("Paired with \(camera.name), camera \(camera.device).")
          Output.line("Nothing is allowed yet, and nothing leaves the camera before you accept the terms. For example:")
          Output.line("  pumpkii account terms --accept --acknowledge-risk")
          Output.line("  pumpkii permissions set --camera \(camera.name) sensor.camera=allow share.video=allow")
        }
      }
    }
  }
}
