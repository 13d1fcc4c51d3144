internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiAgent
internal import PumpkiiClient
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiVault

/// The first start of a board.
struct SetupCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "setup",
    abstract: "Make this board its own owner, without an account or a relay, and say what it may do.",
    discussion: """
      Example: pumpkii setup --local --board /var/lib/pumpkii
               pumpkii setup --local --board camera --answers flags.txt   (FLAG=allow, one a line)
      Nothing is allowed that is not answered with yes. Pairing later (pumpkii agent pair) takes the answers over and ends the
      board's own key. The paper key that is shown opens the board's recordings; it is kept nowhere.
      """)

  @ArgumentParser.Flag(help: "The board is its own owner: no account, no relay, no connection.")
  var local = false

  @Option(help: "A file of answers, FLAG=allow or FLAG=deny, one a line, instead of questions.")
  var answers: String?

  @OptionGroup var board: BoardOption

  func validate() throws {
    guard local else {
      throw ValidationError(
        "a paired camera is set up by `pumpkii agent pair`; for a board without an account give --local")
    }
    guard board.board != nil else { throw ValidationError("name the agent's folder with --board") }
  }

  func run() async throws {
    try await Program.run {
      let folder = board.board ?? ""
      let changes = try answers.map { try Self.read($0) }
      try Self.create(folder)
      let flags = changes ?? FlagQuestions.ask(Mode.governed.filter { !$0.leavesDevice }, board: folder)
      if !flags.isEmpty { _ = try await board.required().ask(.set(flags)) }
      Output.line("Set up. Run it: pumpkii agent run --home \(folder) --camera auto")
    }
  }

  /// The folder is this process's own until the owner stands.
  private static func create(_ folder: String) throws {
    let home = try AgentHome(folder, keysFolder: ProcessInfo.processInfo.environment["PUMPKII_AGENT_KEYS"])
    let (_, recovery) = try LocalOwner.create(home)
    Output.line("Paper key, shown once; it opens what this board records:")
    Output.line(recovery.text)
  }

  private static func read(_ path: String) throws -> [String: Bool] {
    guard let bytes = try DurableFile.read(path, limit: 1 << 16) else { throw ValidationError("\(path) is not there") }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
    return try FlagChanges(lines.map { String($0.filter { $0 != " " }) }).flags
  }
}
