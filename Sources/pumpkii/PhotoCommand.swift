internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiSystem
internal import PumpkiiWire

/// One picture.
struct PhotoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "photo",
    abstract: "Ask a camera for a photo.",
    discussion: """
      Example: pumpkii photo --camera porch --output porch.jpg
      The camera decides: its flags and its rate limit hold.
      """)

  @Option(name: .shortAndLong, help: "The file to write, or - for standard output.")
  var output: String

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @Option(help: "Seconds to wait for it.")
  var wait: Double = 20

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON about it.")
  var json = false

  private struct Taken: Encodable {
    let bytes: Int
    let captureTime: UInt64
    let output: String
    enum CodingKeys: String, CodingKey {
      case bytes, output
      case captureTime = "capture_us"
    }
  }

  func validate() throws {
    if json, output == "-" { throw ValidationError("--json and the photo itself do not both fit on standard output") }
  }

  func run() async throws {
    try await Program.run {
      let (output, camera, json) = (output, camera, json)
      let timeout = Duration.milliseconds(Int64(max(0.1, min(wait, 3600)) * 1000))
      try await options.withAccount(.photo) { account in
        let photo = try await account.camera(camera).takePhoto(timeout: timeout)
        guard output != "-" else { return StandardStream.output.write(photo.jpeg) }
        try DurableFile.write(photo.jpeg, to: output)
        if json {
          try JSONOutput.line(Taken(bytes: photo.jpeg.count, captureTime: photo.captureTime, output: output))
        } else {
          Output.line("\(output): \(photo.jpeg.count) bytes")
        }
      }
    }
  }
}
