internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiTransport
internal import PumpkiiVault
internal import PumpkiiWire

/// The folder of one account on one machine: its keys, its chain, and what it remembers of cameras and accounts.
///
/// The folder has mode 0700. The recovery key is shown once by ``create(relay:pin:)`` and is not in it.
///
/// ```swift
/// let home = AccountHome(path: "/home/ada/.local/share/pumpkii")
/// let made = try await home.create(relay: "https://relay.example:8443", pin: pin)
/// print(made.recovery.text)
/// ```
public struct AccountHome: Sendable {
  /// The folder.
  public let path: String
  let files: HomeFiles

  /// The home in the folder `path`, which need not exist yet.
  public init(path: String) {
    self.path = path
    files = HomeFiles(folder: path)
  }

  /// Where people's programs keep data: `$XDG_DATA_HOME/pumpkii`, else `~/.local/share/pumpkii`.
  public static func standard(environment: [String: String]) -> AccountHome {
    if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return AccountHome(path: "\(data)/pumpkii") }
    return AccountHome(path: "\(environment["HOME"] ?? "")/.local/share/pumpkii")
  }

  /// Whether an account was created here.
  public var hasAccount: Bool { DurableFile.exists(files.account) }

  /// Whether the account here has never reached its relay, so that ``readdress(relay:pin:)`` may give it another one.
  public var awaitsRelay: Bool {
    (try? files.readRecord(AccountRecord.self, files.account))?.isAnnounced == false
  }

  /// Makes an account: an identity, a sealing key, a recovery key, and the chain's first entry signed by two of them;
  /// then announces it to the relay. The relay is asked first: one that answers and is not what was said, as with
  /// another certificate, leaves nothing behind. The account stands when the relay cannot be reached; it is announced
  /// with its first use then.
  /// - Parameters:
  ///   - relay: `https://host:port`; plain `http` only to this machine.
  ///   - pin: the hash that `pumpkii-relay init` printed; nil for a relay with a public certificate.
  /// - Throws: ``ClientError``: `client-account-exists`, `client-home`, or the relay address' code.
  public func create(relay: String, pin: String? = nil) async throws(ClientError) -> NewAccount {
    let address = try ClientError.translating { try RelayAddress(relay, pinText: pin) }
    guard !hasAccount else {
      throw ClientError(
        .accountExists, "\(path) holds an account already", advice: "use it, or give another folder with --home")
    }
    try await Self.check(address)
    let recovery = RecoverySeed()
    try files.make()
    try write(recovery, at: address)
    let (account, problem) = try await announced()
    return NewAccount(account: account, recovery: RecoveryNote(text: recovery.text), announcementProblem: problem)
  }

  /// Gives the account here another relay or pin, as long as it never reached one: a mistyped address is no dead end.
  /// The account, its id and its paper key stay what they are.
  /// - Returns: the account, and why the relay does not know it yet; nil when it does.
  /// - Throws: ``ClientError``: `client-account-exists` when it has reached its relay, `client-no-account`,
  ///   `client-home`, or the relay address' code.
  public func readdress(
    relay: String, pin: String? = nil
  ) async throws(ClientError) -> (account: Account, problem: ClientError?) {
    let address = try ClientError.translating { try RelayAddress(relay, pinText: pin) }
    _ = try open()
    guard awaitsRelay, var record = try files.readRecord(AccountRecord.self, files.account) else {
      throw ClientError(
        .accountExists, "\(path) holds an account that its relay knows", advice: "give another folder with --home")
    }
    try await Self.check(address)
    record.relay = address
    try files.writeRecord(record, to: files.account)
    return try await announced()
  }

  /// A relay that answers must be the one that was meant; one that does not may later.
  private static func check(_ address: RelayAddress) async throws(ClientError) {
    do throws(TransportError) {
      try await RelayConnection.check(address)
    } catch {
      guard error.code == .unreachable || error.code == .silent else { throw ClientError(of: error) }
    }
  }

  private func announced() async throws(ClientError) -> (Account, ClientError?) {
    let account = try open()
    do throws(ClientError) { try await account.announce() } catch { return (account, error) }
    return (account, nil)
  }

  /// The account that was created here. Nothing is connected yet.
  /// - Throws: ``ClientError`` `client-no-account` or `client-home`.
  public func open() throws(ClientError) -> Account {
    guard let record = try files.readRecord(AccountRecord.self, files.account) else {
      throw ClientError(
        .noAccount, "\(path) holds no account",
        advice: "make one: pumpkii account create --relay https://HOST:PORT")
    }
    let identity = try ClientError.translating { try SigningIdentity.load(files.identity) }
    let id = try ClientError.translating { try AccountID(hex: record.account) }
    guard let identity, let chain = try files.readChain(id) else {
      throw ClientError(.home, "\(path) lacks a file", advice: "restore the account's folder from a backup")
    }
    return try Account(
      files: files, record: record, identity: identity, chain: chain, sealingKeys: files.readSealingKeys())
  }

  private func write(_ recovery: RecoverySeed, at address: RelayAddress) throws(ClientError) {
    let now = Clocks.unixMicroseconds()
    let identity = SigningIdentity()
    let chain = try ClientError.translating {
      try AccountChain(entries: [Self.genesis(identity, recovery, now)])
    }
    let sealing = SealingKeyPair(suite: .xWing)
    let announcement = SealingKeyAnnouncement(
      account: chain.id, client: ClientID(of: identity.publicKey), counter: 1, time: now, suite: sealing.suite,
      publicKey: sealing.publicKey)
    try ClientError.translating { try identity.save(files.identity) }
    try files.writeSealingKeys([sealing])
    let signed = identity.sign(announcement, .sealingKey)
    try files.write(EntryList.encode([signed.bytes]), to: files.announcements)
    try files.writeChain(chain)
    try files.writeRecord(
      AccountRecord(account: chain.id.hex, relay: address, created: now, isAnnounced: false), to: files.account)
  }

  private static func genesis(_ identity: SigningIdentity, _ recovery: RecoverySeed, _ now: UInt64) -> [UInt8] {
    let client = AccountEntry.Client(key: identity.publicKey, kind: .program)
    let body = AccountEntry(version: 1, previous: .zero, time: now, change: .genesis(client, recovery.recovery))
    let signers = [identity, recovery.signing].map {
      SignedAccountEntry.Signer(key: $0.publicKey, signature: $0.sign(.account, body.encoded))
    }
    return SignedAccountEntry(body: body, signers: signers).bytes
  }
}

/// What ``AccountHome/create(relay:pin:)`` made.
public struct NewAccount: Sendable {
  /// The account, ready to be used.
  public let account: Account
  /// The paper key: to be shown to its person once, and kept nowhere else.
  public let recovery: RecoveryNote
  /// Why the relay does not know the account yet; nil when it does.
  public let announcementProblem: ClientError?
}

/// An account's paper key: it replaces lost clients and opens everything that the account's cameras ever sealed.
public struct RecoveryNote: Sendable {
  /// 56 letters and digits in groups of four; case, blanks and hyphens do not matter when they are typed.
  public let text: String
}
