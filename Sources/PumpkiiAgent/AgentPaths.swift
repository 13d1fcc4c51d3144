/// Where an agent's files are. Takes no lock, so that one may look beside a running agent.
package struct AgentPaths: Sendable, Hashable {
  /// The agent's home.
  package let folder: String
  /// Where its secrets are; the same, unless whoever runs the board named another.
  package let keysFolder: String

  package init(folder: String, keysFolder: String? = nil) {
    self.folder = folder
    self.keysFolder = keysFolder ?? folder
  }

  /// The device's signing key.
  package var identity: String { "\(keysFolder)/identity.key" }
  /// The ``AuditAnchor`` that entries and an older disk are measured by.
  package var counter: String { "\(keysFolder)/counter" }
  /// What names in the ledgers are sealed under.
  package var rowKeys: String { "\(keysFolder)/row-keys" }
  /// The folder of both ledgers.
  package var ledgers: String { "\(folder)/ledgers" }
}
