internal import ArgumentParser

/// Everything on the people's side: parses, composes, prints.
@main
struct Pumpkii: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pumpkii",
    abstract: "A camera agent its owner can trust.",
    discussion: """
      The agent reads a camera and a microphone, lets nothing pass that the owner's flags forbid, seals the rest on the \
      device, and shares it with the accounts the owner chose through a relay that can read none of it.

      Start: pumpkii account create --relay https://relay.example:8443
             pumpkii agent pair  (on the camera), then  pumpkii pair CODE  (here)
      """,
    version: "0.1.0",
    subcommands: [
      SetupCommand.self, AccountCommand.self, PairCommand.self, CamerasCommand.self, ShareCommand.self,
      RevokeCommand.self,
      PermissionsCommand.self, PolicyCommand.self, ExplainCommand.self, StatusCommand.self, WatchCommand.self,
      PhotoCommand.self, ClipsCommand.self, VerifyCommand.self, AgentCommand.self, DevicesCommand.self,
      DoctorCommand.self,
      DiagnosticsCommand.self, SimulateCommand.self,
    ])
}
