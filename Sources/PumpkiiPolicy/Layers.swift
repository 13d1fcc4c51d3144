// What each layer says of a request; nil where it has nothing to say.

func hardwareVerdict(_ request: Request, _ facts: Facts) -> Verdict? {
  let obstacles = facts.hardware.obstacles(of: request.flag)
  guard !obstacles.isEmpty, let sensor = request.flag.sensor else { return nil }
  let name = sensor == .sensorCamera ? "camera" : "microphone"
  return Verdict(.hardware, denial: obstacles.denial(name))
}

func ceilingVerdict(_ request: Request, _ facts: Facts) -> Verdict? {
  guard let ceiling = facts.ceiling else { return nil }
  let name = request.flag.rawValue
  switch ceiling[request.flag] {
  case true?: return Verdict(.ceiling)
  case false?:
    return Verdict(
      .ceiling,
      denial: Decision.Denial(
        why: "this board's own configuration denies it", advice: "Whoever runs the board can allow \(name) there.",
        lever: "the ceiling's line \(name)"))
  case nil:
    return Verdict(
      .ceiling,
      denial: Decision.Denial(
        why: "this board's own configuration has a ceiling that does not name it",
        advice: "Whoever runs the board can add \(name) to the ceiling.", lever: "the ceiling's line \(name)"))
  }
}

/// Local use goes on without terms; whatever is asked on the way out does not.
func termsVerdict(_ request: Request, _ facts: Facts) -> Verdict? {
  guard request.flag.leavesDevice || request.point == .upload else { return nil }
  guard let terms = facts.terms else { return Verdict(.terms, denial: TermsFacts.Problem.notAccepted.denial) }
  return terms.problem.map { Verdict(.terms, denial: $0.denial) } ?? Verdict(.terms)
}

func ownerVerdict(_ request: Request, _ facts: Facts) -> Verdict? {
  let name = request.flag.rawValue
  guard let owner = facts.owner else {
    let problem = facts.ownerProblem ?? "there is no policy signed by the owner"
    return Verdict(
      .owner,
      denial: Decision.Denial(
        why: "everything is denied because \(problem)",
        advice: "The owner can set the policy anew with \"pumpkii permissions set\".", lever: name))
  }
  if let pause = owner.paused { return Verdict(.owner, denial: pause.denial) }
  guard !owner.narrowed.contains(request.flag) else {
    return Verdict(
      .owner,
      denial: Decision.Denial(
        why: "it was narrowed after policy version \(owner.version)",
        advice: "The owner can allow \(name) again with \"pumpkii permissions set\".", lever: name))
  }
  guard !owner.narrowedOnBoard.contains(request.flag) else {
    return Verdict(
      .owner,
      denial: Decision.Denial(
        why: "it was denied on the board itself",
        advice: "\"pumpkii permissions restore \(name) --board FOLDER\" takes that back there.",
        lever: "the denial on the board"))
  }
  guard owner.allowed.contains(request.flag) else {
    return Verdict(
      .owner,
      denial: Decision.Denial(
        why: "the owner's policy, version \(owner.version), does not allow it",
        advice: "The owner can allow \(name) with \"pumpkii permissions set\".", lever: name))
  }
  return Verdict(.owner)
}

/// A zone or a clock that nobody can rely on denies what the schedule names, and nothing else.
func scheduleVerdict(_ request: Request, _ facts: Facts, now: UInt64) -> Verdict? {
  guard let schedule = facts.owner?.schedule, schedule.names(request.flag) else { return nil }
  if let problem = facts.clock.problem {
    return Verdict(
      .schedule,
      denial: Decision.Denial(
        why: "it is allowed at set times only, and \(problem)",
        advice: facts.clock.advice,
        lever: "a trusted clock"))
  }
  guard let zone = facts.zone, zone.name == schedule.zone else {
    return Verdict(
      .schedule,
      denial: Decision.Denial(
        why: "it is allowed at set times only, and the zone they are in cannot be read here",
        advice: "Install the zone database (tzdata), or set another zone.", lever: "the zone database"))
  }
  guard let answer = schedule.answer(for: request.flag, at: now, in: zone) else { return nil }
  if answer.isInside { return Verdict(.schedule, changesAt: answer.changesAt) }
  return Verdict(
    .schedule,
    denial: Decision.Denial(
      why: "the owner's schedule does not allow it now",
      advice: answer.changesAt == nil
        ? "The owner can change the schedule." : "The schedule allows it again by itself.",
      lever: "the schedule of \(request.flag.rawValue)"),
    changesAt: answer.changesAt)
}

func grantVerdict(_ request: Request, _ facts: Facts, now: UInt64) -> Verdict? {
  guard request.point.isForAccount || request.account != nil, request.flag.isInGrants else { return nil }
  guard request.account != nil, let grant = facts.grant else {
    return Verdict(.grant, denial: share("nothing was shared with this account"))
  }
  guard grant.flags.contains(request.flag) else {
    return Verdict(.grant, denial: share("what was shared with this account does not include it"))
  }
  guard now < grant.until else {
    return Verdict(
      .grant,
      denial: share("the share with this account has ended", "The owner can share anew with \"pumpkii share\"."))
  }
  guard now >= grant.from else {
    return Verdict(
      .grant, denial: share("the share with this account has not begun yet", "It begins by itself."),
      changesAt: grant.from < grant.until ? grant.from : nil)
  }
  return Verdict(.grant, changesAt: grant.until == .max ? nil : grant.until)
}

private func share(
  _ why: String, _ advice: String = "The owner can include it with \"pumpkii share\"."
) -> Decision.Denial {
  Decision.Denial(why: why, advice: advice, lever: "the share")
}
