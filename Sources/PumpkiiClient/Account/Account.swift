internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire
internal import Synchronization

/// An account on this machine: it pairs cameras, sees who may watch them, and watches those it has a right to.
///
/// One value holds one connection to the account's relay, opened when first needed. Call ``close()`` when done.
public final class Account: Sendable {
  let files: HomeFiles
  let record: AccountRecord
  let identity: SigningIdentity
  let sealingKeys: [SealingKeyPair]
  let accountID: AccountID
  let client: ClientID
  let connection: RelayConnection
  let diagnostics: DiagnosticsLog
  private let ownChain: Mutex<AccountChain>
  private let isAnnounced = Mutex(false)

  init(
    files: HomeFiles, record: AccountRecord, identity: SigningIdentity, chain: AccountChain,
    sealingKeys: [SealingKeyPair]
  ) throws(ClientError) {
    self.files = files
    self.record = record
    self.identity = identity
    self.sealingKeys = sealingKeys
    accountID = chain.id
    client = ClientID(of: identity.publicKey)
    ownChain = Mutex(chain)
    diagnostics = DiagnosticsLog(path: files.diagnostics)
    let signer = LoginSigner.client(identity, account: chain.id)
    connection = try ClientError.translating { try RelayConnection(address: record.relay, signer: signer) }
  }

  /// The account's id, 64 hexadecimal digits: what others share with.
  public var id: String { accountID.hex }
  /// This program's id within the account, 32 hexadecimal digits.
  public var clientID: String { client.hex }
  /// The relay's origin, `https://host:port`.
  public var relay: String { record.relay.origin }
  /// The hash of the relay's certificate, nil when the system's roots vouch for it.
  public var pin: String? { record.relay.pin?.hex }

  /// The account's chain as it was verified last.
  var chain: AccountChain { ownChain.withLock { $0 } }

  /// Ends the connection to the relay and everything that uses it.
  public func close() async { await connection.shutdown() }

  /// Gives the relay the account's chain and sealing keys; it takes what it lacks. No login is needed for it.
  /// - Throws: ``ClientError`` with the relay's code.
  public func announce() async throws(ClientError) {
    let announcements = try files.read(files.announcements) ?? []
    let path = "/v1/accounts/\(accountID.hex)"
    try await ClientError.translating {
      let entries = chain.entries
      for start in stride(from: 0, to: entries.count, by: WireLimits.entriesPerOffer) {
        let slice = Array(entries[start..<min(start + WireLimits.entriesPerOffer, entries.count)])
        try await connection.send(.post, "\(path)/chain", body: EntryList.encode(slice), authenticated: false)
      }
      try await connection.send(.post, "\(path)/sealing-keys", body: announcements, authenticated: false)
    }
    isAnnounced.withLock { $0 = true }
    try noteAnnounced()
  }

  /// From now on the account's relay is settled.
  private func noteAnnounced() throws(ClientError) {
    guard var stored = try files.readRecord(AccountRecord.self, files.account), stored.isAnnounced == false else {
      return
    }
    stored.isAnnounced = true
    try files.writeRecord(stored, to: files.account)
  }

  /// Asks the relay for something. A relay that does not know this account, because it never met it or was restored
  /// from an old copy, is told, once, and asked again.
  /// - Throws: ``ClientError``.
  func ask<Answer>(_ body: () async throws(TransportError) -> Answer) async throws(ClientError) -> Answer {
    do throws(TransportError) {
      return try await body()
    } catch {
      let isUnknown = error.status == 401 || error.problem == "account-unknown"
      guard isUnknown, !isAnnounced.withLock({ $0 }) else { throw ClientError(of: error) }
    }
    try await announce()
    do throws(TransportError) { return try await body() } catch { throw ClientError(of: error) }
  }

  /// An account's chain, taken on from what was verified before; our own too.
  /// - Throws: ``ClientError``: a chain's code when the relay's does not follow from the known one.
  func fetchChain(of account: AccountID) async throws(ClientError) -> AccountChain {
    let path = "/v1/accounts/\(account.hex)/chain"
    let bytes = try await ask { () async throws(TransportError) in try await connection.get(path, limit: 8 << 20) }
    let known = try files.readChain(account)
    let chain = try ClientError.translating {
      let entries = try EntryList.decode(bytes)
      guard var chain = known else { return try AccountChain(entries: entries) }
      try chain.extend(entries)
      return chain
    }
    guard chain.id == account else {
      throw ClientError(.rolledBack, "the relay gave the chain of another account than \(account.hex)")
    }
    if chain != known { try files.writeChain(chain) }
    if account == accountID { ownChain.withLock { $0 = chain } }
    return chain
  }
}
