/// Where an agent's files are. Takes no lock, so that one may look beside a running agent.
package struct AgentPaths: Sendable, Hashable {
  package let folder: String
  package let keysFolder: String

  package init(folder: String, keysFolder: String? = nil) {
    self.folder = folder
    self.keysFolder = keysFolder ?? folder
  }

  package var identity: String { "\(keysFolder)/identity.key" }
  package var counter: String { "\(keysFolder)/counter" }
  package var rowKeys: String { "\(keysFolder)/row-keys" }
  package var ledgers: String { "\(folder)/ledgers" }
}
