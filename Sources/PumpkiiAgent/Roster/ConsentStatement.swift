internal import PumpkiiPolicy
internal import PumpkiiWire

/// What one accepted document or one act on the board says otherwise than what it replaces: an entry of the consent
/// ledger before it has its policy and its person. It is read from what was signed or set, never from what is in force:
/// no pause, no times and no ceiling hide a consent, and none looks like one.
struct ConsentStatement: Sendable, Equatable {
  var act: ConsentRecord.Act
  var settings: [PolicyDocument.Setting] = []
  /// The text that it answers; nil for the terms that everything is said under.
  var text: ConsentRecord.Text?

  /// Of an owner's policy. One that changes nothing is said all the same.
  /// - Parameter narrowed: the flags that were taken away since `before`; a new policy decides them anew.
  static func policy(
    from before: PolicyDocument?, narrowed: Set<String>, to after: PolicyDocument
  ) -> [ConsentStatement] {
    let settings = before?.settings ?? []
    let old = settings.map { PolicyDocument.Setting(flag: $0.flag, allow: $0.allow && !narrowed.contains($0.flag)) }
    let (was, now) = (before?.conditions ?? PolicyConditions(), after.conditions)
    var statements = [
      ConsentStatement(
        act: .flags, settings: changes(from: old, to: after.settings).filter { !isNeverOfADevice($0.flag) }),
      ConsentStatement(act: .times, settings: times(from: was, to: now)),
      ConsentStatement(act: .sensors, settings: sensors(from: was, to: now)),
    ].filter { !$0.settings.isEmpty }
    if was.isPaused != now.isPaused { statements.append(ConsentStatement(act: now.isPaused ? .paused : .resumed)) }
    // A pause over a pause is one all the same.
    if statements.isEmpty { statements = [ConsentStatement(act: now.isPaused ? .paused : .flags)] }
    return statements
  }

  /// What a device's document may list and never decides: people answer for it in a document of their own.
  private static func isNeverOfADevice(_ flag: String) -> Bool {
    ["terms.", "risk.", "disclose."].contains { flag.hasPrefix($0) }
  }

  /// Of what a person allows of their own. One that changes nothing is said all the same.
  static func account(from before: AccountPolicyDocument?, to after: AccountPolicyDocument) -> [ConsentStatement] {
    let texts = [(AccountPolicyDocument.Text.Kind.terms, ConsentRecord.Act.terms), (.risk, .risk)]
    var statements = texts.compactMap { kind, act in answer(kind, act, before?.text(kind), after.text(kind)) }
    let answered = Set(AccountPolicyDocument.Text.Kind.allCases.map(\.flag))
    let settings = changes(from: before?.settings ?? [], to: after.settings).filter { !answered.contains($0.flag) }
    if !settings.isEmpty || statements.isEmpty { statements.append(ConsentStatement(act: .flags, settings: settings)) }
    return statements
  }

  private static func answer(
    _ kind: AccountPolicyDocument.Text.Kind, _ act: ConsentRecord.Act, _ before: AccountPolicyDocument.Text?,
    _ after: AccountPolicyDocument.Text?
  ) -> ConsentStatement? {
    guard before != after, let text = after ?? before else { return nil }
    return ConsentStatement(
      act: act, settings: [PolicyDocument.Setting(flag: kind.flag, allow: after != nil)],
      text: ConsentRecord.Text(version: "\(text.version)", hash: text.hash))
  }

  /// Of what is denied on the board.
  static func board(from before: BoardState, to after: BoardState) -> [ConsentStatement] {
    let (was, now) = (Set(before.narrowed.keys), Set(after.narrowed.keys))
    var statements = [
      ConsentStatement(act: .narrowed, settings: Self.settings(now.subtracting(was), false)),
      ConsentStatement(act: .restored, settings: Self.settings(was.subtracting(now), true)),
    ].filter { !$0.settings.isEmpty }
    let (wasPaused, isPaused) = (before.pausedSince != nil, after.pausedSince != nil)
    if wasPaused != isPaused { statements.append(ConsentStatement(act: isPaused ? .paused : .resumed)) }
    return statements
  }

  /// Of the board's configuration file; nothing where it says the same.
  static func ceiling(from before: [Flag: Bool]?, to after: [Flag: Bool]?) -> [ConsentStatement] {
    let (gained, lost) = (CeilingChange(from: before, to: after).gained, CeilingChange(from: after, to: before).gained)
    let changed = settings(Set(gained), true) + settings(Set(lost), false)
    return changed.isEmpty ? [] : [ConsentStatement(act: .flags, settings: changed)]
  }
}

extension ConsentStatement {
  private static func settings(_ flags: Set<Flag>, _ allow: Bool) -> [PolicyDocument.Setting] {
    flags.map(\.rawValue).sorted().map { PolicyDocument.Setting(flag: $0, allow: allow) }
  }

  /// The flags that `after` names otherwise; one that nobody named was denied, and naming it is a decision. What no
  /// flag of this version is allows nothing here, and would make entries as long as its writer likes.
  private static func changes(
    from before: [PolicyDocument.Setting], to after: [PolicyDocument.Setting]
  ) -> [PolicyDocument.Setting] {
    let (old, new) = (values(before), values(after))
    return Flag.allCases.map(\.rawValue).sorted().compactMap { flag in
      let (was, isNow) = (old[flag], new[flag])
      guard was != isNow, isNow != nil || was == true else { return nil }
      return PolicyDocument.Setting(flag: flag, allow: isNow ?? false)
    }
  }

  private static func values(_ settings: [PolicyDocument.Setting]) -> [String: Bool] {
    Dictionary(settings.map { ($0.flag, $0.allow) }) { $1 }
  }

  /// The flags whose times differ; a zone counts where a flag has times.
  private static func times(from before: PolicyConditions, to after: PolicyConditions) -> [PolicyDocument.Setting] {
    Flag.allCases.map(\.rawValue).sorted().compactMap { flag in
      let (was, isNow) = (windows(of: flag, in: before), windows(of: flag, in: after))
      guard was != isNow || (!isNow.isEmpty && before.zone != after.zone) else { return nil }
      return PolicyDocument.Setting(flag: flag, allow: !isNow.isEmpty)
    }
  }

  private static func windows(of flag: String, in conditions: PolicyConditions) -> [PolicyConditions.Window] {
    conditions.windows.filter { $0.flags.contains(flag) }.map {
      PolicyConditions.Window(flags: [flag], days: $0.days, from: $0.from, to: $0.to)
    }
  }

  private static func sensors(from before: PolicyConditions, to after: PolicyConditions) -> [PolicyDocument.Setting] {
    [(UInt8(1), Flag.sensorCamera), (2, .sensorMicrophone)].compactMap { sensor, flag in
      let (was, isNow) = (fingerprint(of: sensor, in: before), fingerprint(of: sensor, in: after))
      return was == isNow ? nil : PolicyDocument.Setting(flag: flag.rawValue, allow: isNow != nil)
    }
  }

  private static func fingerprint(of sensor: UInt8, in conditions: PolicyConditions) -> Digest? {
    conditions.devices.first { $0.sensor == sensor }?.fingerprint
  }
}
