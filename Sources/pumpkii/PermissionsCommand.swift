internal import ArgumentParser
internal import PumpkiiClient

/// The owner's flags.
struct PermissionsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "permissions",
    abstract: "Show or set what a camera may do.",
    subcommands: [PermissionsShow.self, PermissionsSet.self, PermissionsLog.self, PermissionsVerify.self])
}

/// Shows the flags.
struct PermissionsShow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show the flags the camera goes by.",
    discussion: "Example: pumpkii permissions show --camera porch")

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  func run() async throws {
    try await Program.run {
      let (camera, json) = (camera, json)
      try await options.withAccount { account in
        let permissions = try await account.camera(camera).permissions()
        if json { return try JSONOutput.line(permissions) }
        Output.line("version \(permissions.version)\(permissions.version == 0 ? " (nothing was ever allowed)" : "")")
        for flag in CameraLink.permissionFlags {
          let narrowed = permissions.narrowed.contains(flag) ? "  (narrowed)" : ""
          Output.line("\(permissions.allows(flag) ? "allow" : "deny ")  \(flag)\(narrowed)")
        }
      }
    }
  }
}

/// Sets flags.
struct PermissionsSet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set",
    abstract: "Set flags; those not named stay as they are.",
    discussion: """
      Example: pumpkii permissions set --camera porch sensor.microphone=deny
               pumpkii permissions set sensor.camera=allow share.video=allow
      A camera that was not reached goes by the old flags until it is: pending (exit status 75).
      """)

  @Argument(help: "flag=allow or flag=deny, one or several.")
  var changes: [String]

  @Option(help: "The camera's name or id. Default: the only one.")
  var camera: String?

  @OptionGroup var waiting: WaitOption
  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  private struct Changed: Encodable {
    let permissions: Permissions
    let answer: ConfirmationFields
    func encode(to encoder: any Encoder) throws {
      try permissions.encode(to: encoder)
      try answer.encode(to: encoder)
    }
  }

  func validate() throws { _ = try parsed() }

  private func parsed() throws -> [String: Bool] {
    var flags: [String: Bool] = [:]
    for change in changes {
      let parts = change.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let value = ["allow": true, "deny": false][String(parts[1])] else {
        throw ValidationError("\(change) is not FLAG=allow or FLAG=deny")
      }
      guard CameraLink.permissionFlags.contains(String(parts[0])) else {
        let known = CameraLink.permissionFlags.joined(separator: ", ")
        throw ValidationError("there is no flag \(parts[0]); the flags are \(known)")
      }
      guard flags.updateValue(value, forKey: String(parts[0])) == nil else {
        throw ValidationError("\(parts[0]) is named twice")
      }
    }
    return flags
  }

  func run() async throws {
    try await Program.run {
      let (changes, camera, duration, json) = (try parsed(), camera, waiting.duration, json)
      try await options.withAccount { account in
        let link = try await account.camera(camera)
        let (permissions, confirmation) = try await link.setPermissions(changes, waiting: duration)
        if json {
          try JSONOutput.line(Changed(permissions: permissions, answer: ConfirmationFields(confirmation)))
        } else if confirmation.isConfirmed {
          Output.line("\(link.name) goes by version \(permissions.version) now.")
        } else {
          Output.line("Pending: \(link.name) has not answered yet; it goes by the old flags until it does.")
        }
        if !confirmation.isConfirmed { throw ExitCode(ExitStatus.temporary.rawValue) }
      }
    }
  }
}
