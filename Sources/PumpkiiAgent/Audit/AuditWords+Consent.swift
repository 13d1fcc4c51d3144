internal import PumpkiiWire

// Entries of the consent ledger in words.
extension AuditWords {
  static func sentence(_ consent: ConsentRecord, _ person: AuditPerson?) -> String {
    let origin = words(consent.origin)
    let by = consent.person == nil ? origin : "\(origin), \(who(person))"
    let policy =
      consent.policyVersion > 0
      ? "policy version \(consent.policyVersion) (\(consent.policyHash.hex.prefix(8)))" : "no policy yet"
    let text = consent.text.version.isEmpty ? "" : ", text \(consent.text.version) (\(consent.text.hash.hex.prefix(8)))"
    return "\(by) \(what(consent)); \(policy)\(text)"
  }

  private static func what(_ consent: ConsentRecord) -> String {
    let settings = consent.settings
    return switch consent.act {
    case .flags where consent.origin == .ceiling: halves(settings, given: "no longer denies", taken: "denies")
    case .flags: "set " + (settings.isEmpty ? "no flag" : list(settings))
    case .narrowed: halves(settings, given: "gave back", taken: "took away")
    case .terms: "answered the terms: \(list(settings))"
    case .risk: "answered the honest limits: \(list(settings))"
    case .paused: "paused everything; the flags stay what they are"
    case .resumed: "resumed: what the pause denied goes by its flags again"
    case .times: halves(settings, given: "set times for", taken: "took the times off")
    case .sensors: halves(settings, given: "confirmed another sensor for", taken: "confirms no sensor any more for")
    case .restored: "took back the denial on the board of \(names(settings)); the owner's policy decides again"
    }
  }

  private static func list(_ settings: [PolicyDocument.Setting]) -> String {
    settings.map { "\($0.flag) \($0.allow ? "allow" : "deny")" }.joined(separator: ", ")
  }

  private static func names(_ settings: [PolicyDocument.Setting]) -> String {
    settings.map(\.flag).joined(separator: ", ")
  }

  private static func halves(_ settings: [PolicyDocument.Setting], given: String, taken: String) -> String {
    let parts = [(taken, false), (given, true)].compactMap { words, allow -> String? in
      let half = settings.filter { $0.allow == allow }
      return half.isEmpty ? nil : "\(words) \(names(half))"
    }
    return parts.isEmpty ? "\(taken) nothing" : parts.joined(separator: " and ")
  }
}
