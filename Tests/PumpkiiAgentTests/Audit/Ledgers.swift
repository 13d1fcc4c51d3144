import Foundation
import Logging
import PumpkiiAgent
import PumpkiiChain
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire

/// A device's ledgers in scratch folders, its keys in another folder than its state.
final class Ledgers {
  let root = NSTemporaryDirectory() + "pumpkii-ledgers-\(UUID().uuidString)"
  let paths: AgentPaths
  let identity: SigningIdentity

  init() throws {
    paths = AgentPaths(folder: "\(root)/state", keysFolder: "\(root)/keys")
    try DurableFile.makeFolder(paths.folder)
    try DurableFile.makeFolder(paths.keysFolder)
    identity = SigningIdentity()
    try identity.save(paths.identity)
  }

  deinit { try? FileManager.default.removeItem(atPath: root) }

  static let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  static let person = AuditPerson(
    account: (try? AccountID([UInt8](repeating: 7, count: 32))) ?? AccountID.none,
    client: (try? ClientID([UInt8](repeating: 9, count: 16))) ?? ClientID.none)

  /// A start of the agent.
  func open() throws(AgentError) -> Audit {
    try Audit(home: AgentHome(paths.folder, keysFolder: paths.keysFolder), identity: identity, logger: Self.logger)
  }

  /// A start with files that fill quickly.
  func openLedger(_ log: AuditLog, _ limits: AuditLedger.Limits) throws(AgentError) -> AuditLedger {
    try AuditLedger(
      AuditLedger.Parts(
        log: log, folder: AuditFolder(paths.ledgers), identity: identity,
        counter: Counter(path: paths.counter, identity: identity), keys: RowKeyRing(folder: paths.rowKeys),
        limits: limits))
  }

  /// The last file of a ledger.
  func file(_ log: AuditLog) throws -> String {
    let names = try DurableFile.list(paths.ledgers).filter { $0.hasPrefix(log.name) }
    return "\(paths.ledgers)/\(names.last ?? "none")"
  }

  func bytes(_ path: String) throws -> [UInt8] { try DurableFile.read(path) ?? [] }

  func verify(_ log: AuditLog) throws -> AuditCheck.Report { try AuditReader(paths).verify(log) }

  /// Of a flag that was set.
  static func consent(_ flag: String, _ allow: Bool = true) -> ConsentRecord {
    ConsentRecord(
      act: .flags, origin: .owner, settings: [PolicyDocument.Setting(flag: flag, allow: allow)], policyVersion: 3,
      policyHash: Hashes.sha256([3]), text: ConsentRecord.Text(version: "2026-01", hash: Hashes.sha256([1])))
  }

  /// What any of the reasons to refuse a disk looks like.
  static let altered = AgentError(.audit, "", advice: "")
  static let older = AgentError(.rollback, "", advice: "")
}

extension AccountID {
  fileprivate static var none: AccountID { preconditionFailure("32 bytes are an account id") }
}

extension ClientID {
  fileprivate static var none: ClientID { preconditionFailure("16 bytes are a client id") }
}
