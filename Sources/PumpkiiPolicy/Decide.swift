/// Decides one request. The answer is the AND of the layers; the first denial in their order explains it. No layer can
/// widen another, and what is absent denies.
///
/// Pure: the same request, facts and instant always give the same decision.
/// - Parameter now: Unix µs.
package func decide(_ request: Request, facts: Facts, now: UInt64) -> Decision {
  if request.purpose != request.flag.purpose { return otherPurpose(request, facts) }
  var judgement = Judgement()
  // In the order in which a denial explains the answer.
  judgement.hear(hardwareVerdict(request, facts))
  judgement.hear(ceilingVerdict(request, facts))
  judgement.hear(termsVerdict(request, facts))
  judgement.hear(ownerVerdict(request, facts))
  judgement.hear(scheduleVerdict(request, facts, now: now))
  judgement.hear(grantVerdict(request, facts, now: now))
  return Decision(
    allowed: judgement.denying == nil, flag: request.flag, clause: request.flag.clause,
    layer: judgement.denying?.layer, policyVersion: facts.owner?.version ?? 0, policyHash: facts.owner?.hash ?? "",
    changesAt: judgement.changesAt, point: request.point, denial: judgement.denying?.denial)
}

/// Decides whether an object of a media class (`video`, `audio`, `photo`, `event`) may pass a point for a use: all its
/// flags must allow. The first that denies is the answer; else the one whose answer changes first. An event may come
/// about in two ways, and one of them is enough.
package func decide(
  media: String, use: Use = .live, at point: Point, account: String? = nil, facts: Facts, now: UInt64
) -> Decision {
  let ways = Request.ways(for: media, use: use)
  var best: Decision?
  for way in ways {
    let asked = Asked(flags: way, point: point, account: account, purpose: use.purpose)
    guard let decision = decide(asked, facts: facts, now: now) else { continue }
    best = best.map { better($0, decision) } ?? decision
  }
  return best ?? decide(Request(point: point, flag: .riskAcknowledged), facts: Facts(), now: now)
}

/// Decides, and says of what is allowed whether something makes it worth less: for people who ask, not for every frame.
package func assess(_ request: Request, facts: Facts, now: UInt64) -> Decision {
  var decision = decide(request, facts: facts, now: now)
  guard decision.allowed else { return decision }
  decision.loss = request.flag.companions.first {
    !decide(Request(point: request.point, flag: $0.flag, account: request.account), facts: facts, now: now).allowed
  }
  return decision
}

/// One way in which something can come about: all its flags, for one purpose.
private struct Asked {
  let flags: [Flag]
  let point: Point
  let account: String?
  let purpose: Purpose

  func request(_ flag: Flag) -> Request { Request(point: point, flag: flag, account: account, purpose: purpose) }
}

/// All flags of one way; nil for none at all.
private func decide(_ asked: Asked, facts: Facts, now: UInt64) -> Decision? {
  var soonest: Decision?
  for flag in asked.flags {
    let decision = decide(asked.request(flag), facts: facts, now: now)
    guard decision.allowed else { return denied(decision, asked, facts, now) }
    if soonest.map({ (decision.changesAt ?? .max) < ($0.changesAt ?? .max) }) ?? true { soonest = decision }
  }
  return soonest
}

/// The first denial stands for all; it changes by itself only when every other one does as well, so the last counts.
private func denied(_ first: Decision, _ asked: Asked, _ facts: Facts, _ now: UInt64) -> Decision {
  guard var changesAt = first.changesAt else { return first }
  for flag in asked.flags {
    let other = decide(asked.request(flag), facts: facts, now: now)
    guard !other.allowed else { continue }
    guard let instant = other.changesAt else { return first.changing(at: nil) }
    changesAt = max(changesAt, instant)
  }
  return first.changing(at: changesAt)
}

/// Of two ways, the allowed one; of two allowed ones the one that lasts, of two denied ones the one that ends first.
private func better(_ one: Decision, _ other: Decision) -> Decision {
  guard one.allowed == other.allowed else { return one.allowed ? one : other }
  let (first, second) = (one.changesAt ?? .max, other.changesAt ?? .max)
  return one.allowed ? (first >= second ? one : other) : (first <= second ? one : other)
}

/// No layer says this: another use than the flag's own is denied whatever they say (C18).
private func otherPurpose(_ request: Request, _ facts: Facts) -> Decision {
  let own = request.flag.purpose.rawValue
  return Decision(
    allowed: false, flag: request.flag, clause: "C18", layer: nil, policyVersion: facts.owner?.version ?? 0,
    policyHash: facts.owner?.hash ?? "", changesAt: nil, point: request.point,
    denial: Decision.Denial(
      why: "it serves \(own), not \(request.purpose.rawValue)",
      advice: "Nothing changes that: each flag has one purpose.",
      lever: "nothing; \(request.flag.rawValue) serves \(own) only"))
}

extension Decision {
  fileprivate func changing(at instant: UInt64?) -> Decision {
    Decision(
      allowed: allowed, flag: flag, clause: clause, layer: layer, policyVersion: policyVersion, policyHash: policyHash,
      changesAt: instant, point: point, denial: denial, loss: loss)
  }
}
