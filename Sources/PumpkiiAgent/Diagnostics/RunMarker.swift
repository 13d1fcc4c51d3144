package import PumpkiiSystem

/// A file that is there while the agent runs: one that is found at a start is of a run that did not end as it should.
package struct RunMarker: Sendable {
  private let path: String

  /// The marker of the agent whose folder this is.
  package init(home: AgentHome) { path = "\(home.folder)/running" }

  /// - Returns: whether the run before ended uncleanly.
  /// - Throws: ``SystemError``.
  package func begin() throws(SystemError) -> Bool {
    if DurableFile.exists(path) { return true }
    try DurableFile.write([], to: path)
    return false
  }

  /// - Throws: ``SystemError``.
  package func end() throws(SystemError) {
    try DurableFile.remove(path)
    try DurableFile.syncFolder(of: path)
  }
}
