internal import ArgumentParser
internal import FoundationEssentials
internal import Logging
internal import PumpkiiAgent
internal import PumpkiiDocument
internal import PumpkiiSystem
internal import PumpkiiWire
internal import ServiceLifecycle
internal import UnixSignals

/// The agent itself.
struct AgentRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run the agent: stream to whoever watches, under the owner's flags.",
    discussion: """
      Example: pumpkii agent run --camera auto
               pumpkii agent run --profile devices/still-pan.yaml
               pumpkii agent run --video film.mjpeg --fps 30 --audio speech.wav
      Ctrl-C closes the sensors, sends what waits, and ends. SIGHUP reads the configuration's ceiling anew.
      A board that is its own owner (pumpkii setup --local) runs without a relay and connects to nothing.
      """)

  @OptionGroup var options: AgentOptions

  @OptionGroup var devices: AgentDevices

  @Option(help: "Append a line a unit to this file (docs/demo.md).")
  var ledger: String?

  @Flag(name: .customLong("check-config"), help: "Explain every error of the configuration file by key, and end.")
  var checkConfig = false

  func run() async throws {
    try await Program.run {
      if checkConfig { return try check() }
      var configuration = try options.configuration()
      // Somebody may just ask the folder for its status.
      let home = try options.openHome(patience: .seconds(3))
      let device = try devices.choose(configuration, profileFromEnvironment: options.profileFromEnvironment)
      configuration.profile = device.name
      let writer = ledger.map { LedgerWriter(path: $0, who: "agent") }
      let logger = Program.logger("pumpkii.agent", level: options.level)
      var parts = Agent.Parts(
        home: home, relay: try options.relayOrNone(home), camera: device.camera, microphone: device.microphone,
        hotplug: device.hotplug, configuration: configuration, logger: logger, ledger: writer)
      parts.environment = ProcessInfo.processInfo.environment
      let agent = try Agent(parts)
      logger.info("camera \(agent.device.hex)")
      var group = ServiceGroupConfiguration(
        services: [agent, CeilingReload(agent: agent, options: options, logger: logger)],
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      group.maximumGracefulShutdownDuration = .seconds(20)
      group.maximumCancellationDuration = .seconds(20)
      try await ServiceGroup(configuration: group).run()
    }
  }

  private func check() throws {
    guard let bytes = try DurableFile.read(options.configPath, limit: 1 << 20) else {
      throw AgentError(.configuration, "\(options.configPath) is not there", advice: "Check the path after --config.")
    }
    let problems = AgentConfiguration.problems(bytes, file: options.configPath)
    for problem in problems { Output.line("\(problem)") }
    guard problems.isEmpty else { throw ExitCode(ExitStatus.configuration.rawValue) }
    Output.line("\(options.configPath): no problem found")
  }
}
