internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiClient
internal import PumpkiiSystem
internal import PumpkiiWire

/// Gives an account a right.
struct ShareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "share",
    abstract: "Let another account watch a camera.",
    discussion: """
      Example: pumpkii share 3f0c…(64 digits) --camera porch --classes video,audio --hours 48
      Ask the other person for the id (`pumpkii account show`) by another way than the relay.
      """)

  @Argument(help: "The other account's id.")
  var account: String

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @Option(help: "What to share: video, audio, photo, with commas between.")
  var classes: ClassList = ClassList([.video, .audio])

  @Option(help: "Hours until it ends. Default: no end.")
  var hours: Double?

  @Flag(help: "The other account may also deny flags on the spot (pumpkii permissions narrow).")
  var control = false

  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  private struct Shared: Encodable {
    let share: Share
    let answer: ConfirmationFields
    func encode(to encoder: any Encoder) throws {
      try share.encode(to: encoder)
      try answer.encode(to: encoder)
    }
  }

  func validate() throws {
    if let hours, !(hours > 0 && hours <= 24 * 3660) { throw ValidationError("--hours is above 0 and below ten years") }
  }

  func run() async throws {
    try await Program.run {
      let command = self
      try await options.withAccount(.share) { account in try await command.share(by: account) }
    }
  }

  private func share(by owner: Account) async throws {
    _ = try CameraLink.accountID(account)
    let link = try await owner.camera(camera)
    let shares = Dictionary(uniqueKeysWithValues: classes.kinds.map { ("share.\($0.rawValue)", true) })
    try await CloudConsent.require(for: shares, of: owner)
    let until = hours.map { Clocks.unixMicroseconds() + UInt64($0 * 3_600_000_000) }
    if !json {
      Output.note("What others learn: the relay learns that you share \(classes.text) of this camera with that account")
      Output.note(
        "and when it is watched, never what is seen. The recipient learns your account's id and the camera's,")
      Output.note("sees and hears what you share, and cannot be made to forget what was received.")
    }
    let (share, confirmation) = try await link.share(
      with: account, classes: classes.kinds, control: control, until: until, waiting: waiting.duration)
    if json { return try JSONOutput.line(Shared(share: share, answer: ConfirmationFields(confirmation))) }
    switch confirmation {
    case .confirmed(let epoch, _):
      Output.line("Shared \(classes.text) of \(link.name); the camera seals to that account from epoch \(epoch) on.")
    case .pending: Output.line("Pending: \(link.name) has not answered yet. It holds as soon as the camera does.")
    }
  }
}

/// Classes as written on a command line: `video,audio`.
struct ClassList: ExpressibleByArgument, Sendable {
  let kinds: Set<MediaKind>

  init(_ kinds: Set<MediaKind>) { self.kinds = kinds }

  init?(argument: String) {
    var kinds: Set<MediaKind> = []
    for word in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let kind = MediaKind(rawValue: String(word)) else { return nil }
      kinds.insert(kind)
    }
    self.init(kinds)
  }

  var text: String { kinds.sorted().map(\.rawValue).joined(separator: ", ") }
  var defaultValueDescription: String { kinds.sorted().map(\.rawValue).joined(separator: ",") }
}
