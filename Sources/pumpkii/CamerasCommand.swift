internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiSystem

/// What an account may see, and who else may.
struct CamerasCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cameras",
    abstract: "List the cameras this account may use, and with whom its own are shared.",
    discussion: """
      Example: pumpkii cameras --json
      What a camera said of itself last is signed by it; `pumpkii watch` proves whether it is so now.
      For a camera of one's own it tells who can open what it seals now, as the camera signed it.
      """)

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  private struct Listed: Encodable {
    let camera: CameraSummary
    let shares: [Share]
    let holders: [KeyHolder]

    enum CodingKeys: String, CodingKey {
      case shares
      case holders = "can_open_now"
    }

    func encode(to encoder: any Encoder) throws {
      try camera.encode(to: encoder)
      guard camera.isOwned else { return }
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(shares, forKey: .shares)
      try container.encode(holders, forKey: .holders)
    }
  }

  private struct List: Encodable {
    let cameras: [Listed]
  }

  func run() async throws {
    try await Program.run {
      let json = json
      try await options.withAccount { account in
        var list: [Listed] = []
        for camera in try await account.cameras() { list.append(try await Self.details(camera, account)) }
        if json { return try JSONOutput.line(List(cameras: list)) }
        if list.isEmpty { Output.line("No camera yet. Pair one, or let its owner share it with \(account.id).") }
        for entry in list { Self.show(entry, account.id) }
      }
    }
  }

  private static func details(_ camera: CameraSummary, _ account: Account) async throws -> Listed {
    guard camera.isOwned else { return Listed(camera: camera, shares: [], holders: []) }
    let link = try await account.camera(camera.device)
    return Listed(camera: camera, shares: try await link.shares(), holders: try await link.keyHolders())
  }

  /// By the camera's clock against this machine's.
  private static func age(_ time: UInt64) -> String {
    let now = Clocks.unixMicroseconds()
    return now >= time ? "\((now - time) / 1_000_000) s ago" : "by a clock that is ahead of this one"
  }

  private static func show(_ entry: Listed, _ own: String) {
    let camera = entry.camera
    let state = camera.isOnline.map { $0 ? "online" : "offline" } ?? "unknown"
    let said = camera.state.map { "  picture \($0.picture), sound \($0.sound) (said \(age($0.time)))" } ?? ""
    Output.line("\(camera.name)  \(camera.device)  \(state)\(said)")
    let classes = camera.classes.map(\.rawValue).joined(separator: ", ")
    let giver = "  shared by \(camera.owner)\(camera.isPaired ? "" : " (unverified)")"
    Output.line("\(camera.isOwned ? "  yours" : giver): \(classes)")
    for share in entry.shares {
      let end = share.until.map { ", until \(Instant.text($0))" } ?? ""
      Output.line("  shared with \(share.account): \(share.classes.map(\.rawValue).joined(separator: ", "))\(end)")
    }
    for holder in entry.holders where !holder.isInRoster {
      Output.line("  ALARM: \(holder.account) can open what it has no right to")
    }
  }
}
