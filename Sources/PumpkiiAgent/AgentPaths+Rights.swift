internal import PumpkiiSystem

extension AgentPaths {
  /// Before anything is said about what is in the folder: who may not enter it learns that, and nothing that is not so.
  /// - Throws: ``AgentError`` `permission`.
  package func requireRights() throws(AgentError) {
    guard let path = [folder, identity].first(where: DurableFile.isForbidden) else { return }
    throw AgentError(.permission, "no permission for \(path)", advice: "Run this as the agent's user.")
  }
}
