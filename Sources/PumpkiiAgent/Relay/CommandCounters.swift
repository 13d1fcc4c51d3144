internal import PumpkiiSystem
package import PumpkiiWire
internal import Synchronization

/// The counter of the last command of each client, on disk, so that a command is taken once, also across a restart.
package final class CommandCounters: Sendable {
  private static let name = "commands"
  /// Clients remembered; a roster has no more.
  private static let limit = WireLimits.entries
  private let home: AgentHome
  private let counters: Mutex<[ClientID: UInt64]>

  /// - Throws: ``AgentError`` `home` when the file cannot be read or is damaged.
  package init(home: AgentHome) throws(AgentError) {
    self.home = home
    let text = try home.read(Self.name).map { String(decoding: $0, as: UTF8.self) } ?? ""
    var known: [ClientID: UInt64] = [:]
    for line in text.split(separator: "\n") {
      let parts = line.split(separator: " ")
      guard parts.count == 2, let client = try? ClientID(hex: parts[0]), let counter = UInt64(parts[1]) else {
        throw AgentError(
          .home, "the file of command counters is damaged", advice: "Remove \(home.folder)/\(Self.name).")
      }
      known[client] = counter
    }
    counters = Mutex(known)
  }

  /// 0 for a client that never commanded.
  package func last(of client: ClientID) -> UInt64 { counters.withLock { $0[client] ?? 0 } }

  /// Durable when it returns.
  /// - Throws: ``AgentError`` `home`.
  package func set(_ counter: UInt64, of client: ClientID) throws(AgentError) {
    let lines = counters.withLock { counters in
      if counters.count >= Self.limit, counters[client] == nil, let other = counters.keys.first {
        counters[other] = nil
      }
      counters[client] = counter
      return counters.map { "\($0.key.hex) \($0.value)\n" }.sorted()
    }
    try home.write(Array(lines.joined().utf8), Self.name)
  }
}
