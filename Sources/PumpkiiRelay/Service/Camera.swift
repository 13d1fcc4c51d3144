internal import PumpkiiChain
internal import PumpkiiWire

/// A camera as the relay knows it: the roster of the device, and the same with what waits for the device and only takes
/// away. Access goes by the second one, so that a revocation cuts here before the device has heard of it.
struct Camera: Sendable {
  let roster: Roster
  let effective: Roster
  /// Operations that wait for the device, in their order.
  let waiting: [[UInt8]]
  /// Counts the changes of what is stored of it; 0 before it is stored.
  var revision: Int64
  /// The accounts under which it is listed, and whether each ever used it.
  var listed: [AccountID: Bool]

  /// - Parameter accounts: the chains of those who signed what waits.
  init(
    roster: Roster, waiting: [[UInt8]], accounts: [AccountID: AccountChain], revision: Int64,
    listed: [AccountID: Bool], now: UInt64
  ) {
    self.roster = roster
    self.waiting = waiting
    self.revision = revision
    self.listed = listed
    var effective = roster
    for operation in waiting {
      guard let signed = try? Signed<RosterOperation>(decoding: operation), signed.body.change.appliesOnAnyHead else {
        continue
      }
      // One that the device would refuse changes nothing here either.
      try? effective.append(operation, accounts: { accounts[$0] }, now: now)
    }
    self.effective = effective
  }

  /// What it takes in memory, about.
  var bytes: Int { (roster.entries + waiting).reduce(4096) { $0 + $1.count + 512 } }

  /// Everybody named: owners, and guests with a grant whether it is live now or not.
  var accounts: Set<AccountID> { Set(roster.owners).union(roster.grants.values.map(\.account)) }

  /// What an account may see live now. A grant for recordings alone gives nothing here.
  func rights(of account: AccountID, now: UInt64) -> LiveRoom.Rights {
    if effective.owners.contains(account) { return LiveRoom.Rights(classes: .all, isOwner: true) }
    let grants = effective.grants.values.filter {
      $0.account == account && $0.scope != .recordings && $0.isLive(at: now)
    }
    let classes = grants.reduce(ClassMask()) { $0.union($1.classes) }.subtracting(ClassMask(.event))
    return LiveRoom.Rights(classes: classes, isOwner: false)
  }

  /// What an account may see of recordings now; the same rule with the other scope.
  func recordings(of account: AccountID, now: UInt64) -> LiveRoom.Rights {
    if effective.owners.contains(account) { return LiveRoom.Rights(classes: .all, isOwner: true) }
    let grants = effective.grants.values.filter {
      $0.account == account && $0.scope != .live && $0.isLive(at: now)
    }
    let classes = grants.reduce(ClassMask()) { $0.union($1.classes) }.subtracting(ClassMask(.event))
    return LiveRoom.Rights(classes: classes, isOwner: false)
  }

  func owns(_ account: AccountID) -> Bool { effective.owners.contains(account) }
}
