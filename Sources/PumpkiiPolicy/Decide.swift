/// Decides one request. The answer is the AND of the layers; the first denial in their order explains it. No layer can
/// widen another, and what is absent denies.
///
/// Pure: the same request, facts and instant always give the same decision.
/// - Parameter now: Unix µs.
package func decide(_ request: Request, facts: Facts, now: UInt64) -> Decision {
  var judgement = Judgement()
  // In the order in which a denial explains the answer.
  if let verdict = ceilingVerdict(request, facts) { judgement.hear(verdict) }
  judgement.hear(ownerVerdict(request, facts))
  if let verdict = grantVerdict(request, facts, now: now) { judgement.hear(verdict) }
  return Decision(
    allowed: judgement.denying == nil, flag: request.flag, clause: request.flag.clause,
    layer: judgement.denying?.layer, policyVersion: facts.owner?.version ?? 0, policyHash: facts.owner?.hash ?? "",
    changesAt: judgement.changesAt, point: request.point,
    denial: judgement.denying?.denial.map { Decision.Denial(why: $0.why, advice: $0.advice) })
}

/// What the layers say together. Nothing is put in lists: every frame is decided about, several times.
private struct Judgement {
  /// The first layer that denies.
  private(set) var denying: Verdict?
  /// When the first of all layers changes; what an allowed request waits for.
  private var first: UInt64?
  /// When the last layer that denies does; a denied request changes by itself only where every one of them will.
  private var last: UInt64?
  private var deniesForEver = false

  mutating func hear(_ verdict: Verdict) {
    if let instant = verdict.changesAt { first = min(first ?? instant, instant) }
    guard verdict.denial != nil else { return }
    denying = denying ?? verdict
    if let instant = verdict.changesAt { last = max(last ?? instant, instant) } else { deniesForEver = true }
  }

  /// When the answer changes by itself.
  var changesAt: UInt64? { denying == nil ? first : deniesForEver ? nil : last }
}

/// Decides whether an object of a media class (`video`, `audio`, `photo`, `event`) may pass a point: all its flags must
/// allow. The first that denies is the answer; else the one whose answer changes first.
package func decide(
  media: String, at point: Point, account: String? = nil, facts: Facts, now: UInt64
) -> Decision {
  let decisions = Request.all(for: media, at: point, account: account).map { decide($0, facts: facts, now: now) }
  if let denial = decisions.first(where: { !$0.allowed }) { return denial }
  return decisions.min { ($0.changesAt ?? .max) < ($1.changesAt ?? .max) }
    ?? decide(Request(point: point, flag: .riskAcknowledged), facts: Facts(), now: now)
}

/// What one layer says.
private struct Verdict {
  let layer: Layer
  /// Why it denies and what would change that; nil when it allows.
  var denial: (why: String, advice: String)?
  /// When this layer's answer changes by itself.
  var changesAt: UInt64?
}

private func ceilingVerdict(_ request: Request, _ facts: Facts) -> Verdict? {
  guard let ceiling = facts.ceiling else { return nil }
  let name = request.flag.rawValue
  switch ceiling[request.flag] {
  case true?: return Verdict(layer: .ceiling)
  case false?:
    return Verdict(
      layer: .ceiling,
      denial: ("this board's own configuration denies it", "Whoever runs the board can allow \(name) there."))
  case nil:
    return Verdict(
      layer: .ceiling,
      denial: (
        "this board's own configuration has a ceiling that does not name it",
        "Whoever runs the board can add \(name) to the ceiling."
      ))
  }
}

private func ownerVerdict(_ request: Request, _ facts: Facts) -> Verdict {
  let name = request.flag.rawValue
  guard let owner = facts.owner else {
    let problem = facts.ownerProblem ?? "there is no policy signed by the owner"
    return Verdict(
      layer: .owner,
      denial: (
        "everything is denied because \(problem)",
        "The owner can set the policy anew with \"pumpkii permissions set\"."
      ))
  }
  guard !owner.narrowed.contains(request.flag) else {
    return Verdict(
      layer: .owner,
      denial: (
        "it was narrowed after policy version \(owner.version)",
        "The owner can allow \(name) again with \"pumpkii permissions set\"."
      ))
  }
  guard owner.allowed.contains(request.flag) else {
    return Verdict(
      layer: .owner,
      denial: (
        "the owner's policy, version \(owner.version), does not allow it",
        "The owner can allow \(name) with \"pumpkii permissions set\"."
      ))
  }
  return Verdict(layer: .owner)
}

private func grantVerdict(_ request: Request, _ facts: Facts, now: UInt64) -> Verdict? {
  guard request.point.isForAccount || request.account != nil, request.flag.isInGrants else { return nil }
  let advice = "The owner can include it with \"pumpkii share\"."
  guard request.account != nil, let grant = facts.grant else {
    return Verdict(layer: .grant, denial: ("nothing was shared with this account", advice))
  }
  guard grant.flags.contains(request.flag) else {
    return Verdict(layer: .grant, denial: ("what was shared with this account does not include it", advice))
  }
  guard now < grant.until else {
    return Verdict(
      layer: .grant,
      denial: ("the share with this account has ended", "The owner can share anew with \"pumpkii share\"."))
  }
  guard now >= grant.from else {
    return Verdict(
      layer: .grant, denial: ("the share with this account has not begun yet", "It begins by itself."),
      changesAt: grant.from < grant.until ? grant.from : nil)
  }
  return Verdict(layer: .grant, changesAt: grant.until == .max ? nil : grant.until)
}
