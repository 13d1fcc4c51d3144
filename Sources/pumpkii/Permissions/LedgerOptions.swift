internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiAgent

/// Where a command finds the ledgers of an agent, which may run meanwhile.
struct LedgerOptions: ParsableArguments {
  @Option(help: "The agent's folder. Default $PUMPKII_AGENT_HOME or /var/lib/pumpkii.")
  var home: String?

  @Option(help: "The folder of its keys, where that is another. Default $PUMPKII_AGENT_KEYS or the agent's folder.")
  var keys: String?

  var paths: AgentPaths {
    let environment = ProcessInfo.processInfo.environment
    return AgentPaths(
      folder: home ?? environment["PUMPKII_AGENT_HOME"] ?? "/var/lib/pumpkii",
      keysFolder: keys ?? environment["PUMPKII_AGENT_KEYS"])
  }
}
