internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiWire

/// A right that an owner gave to an account.
public struct Share: Sendable, Codable, Equatable {
  /// The hash under which it stands in the roster; what a revocation names.
  public let grant: String
  /// Who has it.
  public let account: String
  /// What it is for.
  public let classes: [MediaKind]
  /// Unix µs from which it holds.
  public let from: UInt64
  /// Unix µs at which it ends; nil for no end.
  public let until: UInt64?
}

/// Who can open what a camera seals now, by the camera's newest key message.
public struct KeyHolder: Sendable, Codable, Equatable {
  /// The account.
  public let account: String
  /// The program of it, or its paper key.
  public let client: String
  /// What it can open.
  public let classes: [MediaKind]
  /// False for a holder to whom the roster gives less than that: an alarm.
  public let isInRoster: Bool

  private enum CodingKeys: String, CodingKey {
    case account, client, classes
    case isInRoster = "in_roster"
  }
}

extension CameraLink {
  /// Gives an account a right. What others learn by it: the relay learns that the two accounts know each other, which
  /// classes are shared and when they are watched; the recipient learns this account's id and the camera's.
  /// - Parameters:
  ///   - recipient: the other account's id. Compare it with the person, by another way than the relay.
  ///   - classes: what to share; `event` is for owners only.
  ///   - control: whether the recipient may narrow the camera's flags.
  ///   - until: Unix µs at which it ends; nil for no end.
  ///   - waiting: how long to wait for the camera.
  /// - Throws: ``ClientError``.
  public func share(
    with recipient: String, classes: Set<MediaKind>, control: Bool = false, until: UInt64? = nil,
    waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> (share: Share, confirmation: Confirmation) {
    let target = try Self.accountID(recipient)
    guard target != account.accountID else { throw ClientError(.usage, "this is your own account") }
    guard !classes.isEmpty, !classes.contains(.event) else {
      throw ClientError(.usage, "a share is of video, audio or photo", advice: "name one or several of them")
    }
    let chain = try await account.fetchChain(of: target)
    guard chain.fork == nil else {
      throw ClientError(.refused, "the account has two contradicting chains", advice: "its person must settle it first")
    }
    let grant = RosterOperation.Grant(
      account: target, accountVersion: chain.version, accountHead: chain.head, classes: ClassMask(classes),
      control: control, until: until ?? .max)
    let done = try await submit(.grant(grant), waiting: waiting)
    return (Share(hash: done.operation, grant), done.confirmation)
  }

  /// The rights that stand, by account.
  /// - Throws: ``ClientError``.
  public func shares() async throws(ClientError) -> [Share] {
    try await account.syncRoster(id()).grants.map { Share(hash: $0, $1) }
      .sorted { ($0.account, $0.from, $0.grant) < ($1.account, $1.from, $1.grant) }
  }

  /// Ends every right of an account. It is done when the camera says so: by a key message made after the revocation
  /// that holds nothing for that account. The relay cuts at once as well.
  /// - Throws: ``ClientError``: `client-usage` when the account has no right here.
  public func revoke(
    _ recipient: String, waiting: Duration = .seconds(20)
  ) async throws(ClientError) -> Confirmation {
    let target = try Self.accountID(recipient)
    let grants = try await ownedRoster().grants.filter { $1.account == target }.map(\.key)
    guard !grants.isEmpty else {
      throw ClientError(.usage, "\(name) is not shared with \(recipient)", advice: "look: pumpkii cameras --json")
    }
    var last = Confirmation.pending
    for grant in grants {
      let done = try await submit(.revoke(grant), waiting: waiting) { message, roster in
        // The account keeps what its other grants give it, and not more.
        message.isWhole
          && message.classes(of: target).isSubset(of: roster.rights(of: target, now: message.head.body.time))
      }
      last = done.confirmation
    }
    return last
  }

  /// Who can open what the camera seals now; for owners, who get every entry of a key message.
  /// - Throws: ``ClientError``: `client-rolled-back` when the relay shows an older key message than one that was seen,
  ///   or one of another roster; `relay-malformed` when it holds entries back.
  public func keyHolders() async throws(ClientError) -> [KeyHolder] {
    // Before the message, which may be behind what another program of this folder sees meanwhile.
    let known = try account.known(id())
    let message = try await account.newestKeyMessage(id())
    // After the message, so that the roster is not behind it.
    let roster = try await ownedRoster()
    guard let message else {
      guard known?.epoch ?? 0 == 0 else { throw ReceivedKeyMessage.isOlder }
      return []
    }
    try message.check(roster: roster, minimumEpoch: known?.epoch ?? 0, minimumRoster: known?.epochRoster ?? 0)
    try account.remember(id(), epoch: message.head.body.epoch, roster: message.head.body.rosterVersion)
    return message.entries.map { entry in
      let rights = roster.rights(of: entry.account, now: message.head.body.time)
      return KeyHolder(
        account: entry.account.hex, client: entry.client.hex, classes: entry.classes.kinds,
        isInRoster: entry.classes.isSubset(of: rights))
    }
  }

  /// An account's id as people type it.
  /// - Throws: ``ClientError`` `client-usage` for a text that is none.
  package static func accountID(_ text: String) throws(ClientError) -> AccountID {
    guard let id = try? AccountID(hex: text) else {
      throw ClientError(
        .usage, "\(text) is no account id",
        advice: "it has 64 hexadecimal digits; `pumpkii account show` prints one's own")
    }
    return id
  }
}

extension Share {
  init(hash: Digest, _ grant: RosterOperation.Grant) {
    self.grant = hash.hex
    account = grant.account.hex
    classes = grant.classes.kinds
    from = grant.from
    until = grant.until == .max ? nil : grant.until
  }
}
