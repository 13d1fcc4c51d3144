internal import ArgumentParser

/// Cameras and microphones: those of this machine, and those that can be played.
struct DevicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices",
    abstract: "List the cameras and microphones of this machine, or work with device profiles.",
    subcommands: [DevicesList.self, DevicesProfiles.self, DevicesRecord.self, DevicesCheck.self],
    defaultSubcommand: DevicesList.self)
}
