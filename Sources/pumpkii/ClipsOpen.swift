internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiAgent
internal import PumpkiiChain
internal import PumpkiiClient
internal import PumpkiiVault
internal import PumpkiiWire

/// Makes a film of a clip's file.
struct ClipsOpen: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "open",
    abstract: "Open a clip's file, prove it, and make a film of it.",
    discussion: """
      Example: pumpkii clips open 12.pumpkii --output 12.mp4
               pumpkii clips open camera/spool/clips/12.pumpkii --output 12.mp4 --board camera
      Works without a relay, also for files of the camera's own folder. Exit status as of `verify`. A film that is there \
      already is replaced by a genuine one only.
      """)

  @Argument(help: "A clip's file.")
  var file: String

  @Option(name: .shortAndLong, help: "The film to write, FILE.mp4, or - for standard output.")
  var output: String

  @Flag(name: .customLong("paper-key"), help: "Ask for the paper key and open it with that, not with an account.")
  var paperKey = false

  @OptionGroup var board: BoardOption
  @OptionGroup var options: HomeOption

  func run() async throws {
    try await Program.run {
      let (file, output) = (KeptFile(path: file), output)
      if let opener = try paperKey ? Self.paper() : board.board.map(Self.owner) {
        return try Self.film(output, file) { try file.verify(by: opener, onOpened: $0) }
      }
      try await options.withAccount { account in
        try Self.film(output, file) { try file.verify(with: account, onOpened: $0) }
      }
    }
  }

  private static func film(
    _ output: String, _ file: KeptFile, _ verify: ((OpenedMedia) throws -> Void) throws -> VerificationReport
  ) throws {
    let report = try FilmOfFile.make(output, of: file, verify)
    let clip = report.clip.map { "clip \($0)" } ?? "no clip record"
    Output.note("\(clip), \(report.bytes) bytes opened, \(report.missing) objects missing")
    if report.notGiven > 0 { Output.note("\(report.notGiven) objects of kinds that were not given to you") }
    for (code, count) in report.refused.sorted(by: { $0.key < $1.key }) { Output.note("REFUSED  \(count) \(code)") }
    guard report.isGenuine else { throw ExitCode(ExitStatus.dataError.rawValue) }
  }

  /// The keys of a board that is its own owner, for its own clips.
  private static func owner(_ folder: String) throws -> KeptFile.Opener {
    let keys = ProcessInfo.processInfo.environment["PUMPKII_AGENT_KEYS"]
    let paths = AgentPaths(folder: folder, keysFolder: keys)
    try paths.requireRights()
    guard let owner = try LocalOwner.load(paths), let identity = try SigningIdentity.load(paths.identity) else {
      throw ValidationError("\(folder) is not the folder of a board that is its own owner; leave out --board")
    }
    let device = DeviceID(of: identity.publicKey)
    return KeptFile.Opener(client: owner.client, sealing: [owner.sealing]) { $0 == device }
  }

  /// A paper key opens what was sealed to it, of whichever camera; the file's own signature says of which.
  private static func paper() throws -> KeptFile.Opener {
    Output.progress("Paper key: ")
    let seed = try RecoverySeed(text: readLine() ?? "")
    return KeptFile.Opener(client: ClientID(of: seed.signing.publicKey), sealing: [seed.sealing]) { _ in true }
  }
}
