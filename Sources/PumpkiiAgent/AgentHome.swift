internal import PumpkiiSystem
package import PumpkiiVault

/// The agent's folder: `/var/lib/pumpkii` for a service, `--home` for anything. Mode 0700, every file 0600.
package struct AgentHome: Sendable {
  package let folder: String
  /// Where the keys and the counter are; the same folder unless another is named. One that no backup of the state
  /// brings back makes an older state show.
  package let keysFolder: String
  /// Two agents on one folder would begin epochs with the same numbers.
  private let lock: FolderLock
  /// And two agents on one folder of keys as well; nil where it is the same folder.
  private let keysLock: FolderLock?

  /// Makes the folder when it is missing, and keeps it to this process.
  /// - Parameter patience: how long to wait for a command of the board's, which has the folder for a moment only; blocks.
  /// - Throws: ``AgentError``: `permission`, or `home`, also while another agent uses the folder.
  package init(_ folder: String, keysFolder: String? = nil, patience: Duration = .zero) throws(AgentError) {
    let keys = keysFolder ?? folder
    try AgentPaths(folder: folder, keysFolder: keysFolder).requireRights()
    self.folder = folder
    self.keysFolder = keys
    try Self.guarded { () throws(SystemError) in
      try DurableFile.makeFolder("\(folder)/accounts")
      try DurableFile.makeFolder(keys)
    }
    lock = try Self.lock(folder, "--home", patience)
    keysLock = DurableFile.isSame(folder, keys) ? nil : try Self.lock(keys, "--keys", patience)
  }

  private static func lock(_ folder: String, _ option: String, _ patience: Duration) throws(AgentError) -> FolderLock {
    do throws(SystemError) {
      return try FolderLock(folder, patience: patience)
    } catch {
      throw AgentError(
        .home, "the folder \(folder) is in use (\(error))",
        advice: "Stop the agent that runs on it, or name another \(option).")
    }
  }

  /// The device's identity, made at the first start.
  /// - Throws: ``AgentError`` `home` or `keys`.
  package func identity() throws(AgentError) -> SigningIdentity {
    let path = paths.identity
    do throws(VaultError) {
      if let known = try SigningIdentity.load(path) { return known }
      let fresh = SigningIdentity()
      try fresh.save(path)
      return fresh
    } catch {
      throw AgentError(
        .keys, "the device's identity in \(keysFolder) cannot be used (\(error.code.rawValue))",
        advice: "Restore identity.key, or remove it and pair the camera anew.")
    }
  }

  /// Where things are, for who reads them beside a running agent.
  package var paths: AgentPaths { AgentPaths(folder: folder, keysFolder: keysFolder) }
  /// The highest epoch number that was given out.
  package var epochPath: String { "\(keysFolder)/epoch" }
  package var policyFolder: String { folder }

  /// - Throws: ``AgentError`` `home`.
  package func read(_ name: String) throws(AgentError) -> [UInt8]? {
    try Self.guarded { () throws(SystemError) in try DurableFile.read("\(folder)/\(name)") }
  }

  /// Durable when it returns.
  /// - Throws: ``AgentError`` `home`.
  package func write(_ bytes: [UInt8], _ name: String) throws(AgentError) {
    try Self.guarded { () throws(SystemError) in try DurableFile.write(bytes, to: "\(folder)/\(name)") }
  }

  /// - Throws: ``AgentError`` `home`.
  package func list(_ name: String) throws(AgentError) -> [String] {
    try Self.guarded { () throws(SystemError) in try DurableFile.list("\(folder)/\(name)") }
  }

  static func guarded<Result>(_ body: () throws(SystemError) -> Result) throws(AgentError) -> Result {
    do throws(SystemError) {
      return try body()
    } catch {
      throw AgentError(.home, "\(error)", advice: "Check that the agent's folder exists and belongs to its user.")
    }
  }
}
