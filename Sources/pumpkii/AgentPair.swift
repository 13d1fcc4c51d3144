internal import ArgumentParser
internal import PumpkiiAgent
internal import PumpkiiSystem
internal import PumpkiiWire

/// Shows a code, waits for the owner.
struct AgentPair: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pair",
    abstract: "Show a pairing code and wait for the owner.",
    discussion: """
      Example: pumpkii agent pair --relay https://relay.example:8443 --pin 8d01…
      The owner then runs: pumpkii pair CODE, or scans the QR code. The code works once and for ten minutes.
      """)

  @OptionGroup var options: AgentOptions

  @Flag(help: "Print JSON, one object a line: first the code, then the outcome.")
  var json = false

  func run() async throws {
    try await Program.run {
      let home = try options.openHome()
      let host = try PairingHost(home: home, relay: try options.relayAddress(home))
      show(host)
      let owner = try await host.run()
      if json {
        Output.line(#"{"paired":true,"device":"\#(host.device.hex)","owner":"\#(owner.hex)"}"#)
      } else {
        Output.line("Paired. Owner \(owner.hex.prefix(16))…, camera \(host.device.hex)")
      }
    }
  }

  private func show(_ host: PairingHost) {
    if json {
      Output.line(#"{"code":"\#(host.code)","link":"\#(host.link)","device":"\#(host.device.hex)"}"#)
      return
    }
    if let picture = TerminalQR.draw(host.link) { Output.line(picture) }
    Output.line("Pairing code: \(host.code)")
    Output.line("On the owner's machine: pumpkii pair '\(host.code)'")
    Output.line("Waiting for the owner, ten minutes at most …")
  }
}
