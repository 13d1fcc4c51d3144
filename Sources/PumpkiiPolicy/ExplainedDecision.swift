/// One decision as people read it.
package struct ExplainedDecision: Sendable, Codable, Equatable {
  package let flag: String
  package let point: String
  package let allowed: Bool
  package let clause: String
  /// The sentence of the privacy policy behind it.
  package let sentence: String
  /// The first layer that denied; nil when none did.
  package let layer: String?
  package let reason: String
  /// What is worse although it is allowed, or which flag or field would change a denial; nil for a full yes.
  package let outcome: String?
  package let policyVersion: UInt64
  package let policyHash: String
  /// Unix µs at which it changes by itself.
  package let changesAt: UInt64?

  package init(_ decision: Decision) {
    flag = decision.flag.rawValue
    point = decision.point.rawValue
    allowed = decision.allowed
    clause = decision.clause
    sentence = Clauses.clause(decision.clause)?.quotes.first ?? ""
    layer = decision.layer?.rawValue
    reason = decision.reason
    outcome =
      switch decision.outcome {
      case .full: nil
      case .reduced(let loss): "reduced: \(loss)"
      case .unavailable(let lever): "unavailable: \(lever)"
      }
    policyVersion = decision.policyVersion
    policyHash = decision.policyHash
    changesAt = decision.changesAt
  }
}

extension Request {
  /// What is asked when somebody names a flag (`sensor.camera`, at each of its points) or a point (`E3`, each of its flags);
  /// nothing for a name that is neither.
  package static func all(about subject: String, account: String?) -> [Request] {
    if let flag = Flag(rawValue: subject) {
      return flag.points.map { Request(point: $0, flag: flag, account: $0.isForAccount ? account : nil) }
    }
    guard let point = Point(rawValue: subject) else { return [] }
    return Flag.allCases.filter { $0.points.contains(point) }
      .map { Request(point: point, flag: $0, account: point.isForAccount ? account : nil) }
  }
}
