internal import ArgumentParser
internal import PumpkiiClient

/// Recordings: at the relay, and in files.
struct ClipsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clips",
    abstract: "List, fetch, open, delete, begin and upload recordings.",
    discussion: """
      Example: pumpkii clips get 12 --output 12.pumpkii, then  pumpkii clips open 12.pumpkii --output 12.mp4
      The camera keeps its own in HOME/spool/clips; they open with the owner's account as well, those of a board that is \
      its own owner with --board or its paper key.
      """,
    subcommands: [List.self, Get.self, Delete.self, ClipsOpen.self, ClipsRecord.self, ClipsUpload.self])

  /// Which camera's.
  struct Source: ParsableArguments {
    @Option(help: "The camera's name or id. Default: the only one.")
    var camera: String?

    @OptionGroup var options: HomeOption

    func withCamera(_ body: @escaping @Sendable (CameraLink) async throws -> Void) async throws {
      let camera = camera
      try await options.withAccount { account in try await body(try await account.camera(camera)) }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "List the clips that the relay holds, or those of the camera itself.",
      discussion: """
        Example: pumpkii clips list --board /var/lib/pumpkii
        With --board, on the camera: of each clip where it is, and why it is there only.
        """)

    @OptionGroup var source: Source
    @OptionGroup var board: BoardOption

    @Flag(help: "Print JSON.")
    var json = false

    /// What the relay says, and what it does not.
    private struct Listing: Encodable {
      let list: ClipList
      /// First and last number of each run; none for a guest.
      let missing: [ClosedRange<UInt64>]

      private enum CodingKeys: CodingKey { case missing }

      func encode(to encoder: any Encoder) throws {
        try list.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(missing, forKey: .missing)
      }
    }

    func run() async throws {
      try await Program.run {
        let json = json
        if let board = board.chosen { return try await ClipPage.show(board, json: json) }
        try await source.withCamera { camera in
          let list = try await camera.clips()
          let missing = camera.isOwned ? try await camera.missingClips(in: list) : []
          if json { return try JSONOutput.line(Listing(list: list, missing: missing)) }
          if list.clips.isEmpty { Output.line("The relay holds no clip of \(camera.name).") }
          for clip in list.clips {
            let classes = clip.classes.map(\.rawValue).joined(separator: ", ")
            let stored = "stored \(Instant.text(clip.storedAt))"
            Output.line("\(clip.number)  \(clip.bytes) bytes  \(stored)  \(classes)")
          }
          for clip in list.gone { Output.line("\(clip.number)  gone: \(clip.reason)") }
          for range in missing {
            let numbers = range.count == 1 ? "\(range.lowerBound)" : "\(range.lowerBound)–\(range.upperBound)"
            Output.line("\(numbers)  MISSING: the camera made it, and the relay says nothing of it")
          }
          if !missing.isEmpty {
            Output.note(
              "What is missing waits at the camera, was recorded while record.cloud was denied, or is withheld. "
                + "`pumpkii clips list --board FOLDER` on the camera says of each why; `pumpkii clips upload` brings what stayed."
            )
          }
        }
      }
    }
  }

  struct Get: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Fetch a clip into a file, sealed as it is.")

    @Argument(help: "The clip's number.")
    var number: UInt64

    @Option(name: .shortAndLong, help: "The file to write. Default: NUMBER.pumpkii")
    var output: String?

    @OptionGroup var source: Source

    func run() async throws {
      try await Program.run {
        let (number, output) = (number, output ?? "\(number).pumpkii")
        try await source.withCamera { camera in
          try await camera.fetchClip(number, to: output)
          Output.line("\(output)  open it: pumpkii clips open \(output) --output \(number).mp4")
        }
      }
    }
  }

  struct Delete: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Delete a clip at the relay; the camera's own copy stays.")

    @Argument(help: "The clip's number.")
    var number: UInt64

    @OptionGroup var source: Source

    func run() async throws {
      try await Program.run {
        let number = number
        try await source.withCamera { camera in
          try await camera.deleteClip(number)
          Output.line("The relay holds clip \(number) of \(camera.name) no more.")
        }
      }
    }
  }
}
