/// One decision as people read it.
package struct ExplainedDecision: Sendable, Codable, Equatable {
  /// The flag's name, as `sensor.camera`.
  package let flag: String
  /// The enforcement point's number, as `E3`.
  package let point: String
  package let allowed: Bool
  /// The number of the clause that it rests on.
  package let clause: String
  /// The sentence of the privacy policy behind it.
  package let sentence: String
  /// The first layer that denied; nil when none did.
  package let layer: String?
  /// Why, in a sentence.
  package let reason: String
  /// What is worse although it is allowed, or which flag or field would change a denial; nil for a full yes.
  package let outcome: String?
  /// Of the owner's policy that it was decided by; 0 and empty before the first.
  package let policyVersion: UInt64
  package let policyHash: String
  /// Unix µs at which it changes by itself.
  package let changesAt: UInt64?
  /// What the camera itself signed last of the flag's sensor, where that contradicts the documents: `off-by-policy`.
  package let cameraSays: String?

  /// A decision of whoever knows every layer.
  package init(_ decision: Decision) { self.init(decision, reason: decision.reason, cameraSays: nil) }

  /// A decision from afar: by what was signed alone, for a board's shutter, ceiling and own denials are known there
  /// only.
  /// - Parameters:
  ///   - unknown: what else is not known here.
  ///   - isOff: the camera's own signed word is that the sensor is off by policy, although the documents allow it.
  package init(byDocuments decision: Decision, unknown: String? = nil, isOff: Bool = false) {
    guard decision.allowed else {
      self.init(decision)
      return
    }
    var reason =
      "\(decision.flag.rawValue) (\(decision.flag.action)) is allowed as far as the signed documents say: "
      + "by the owner's policy, version \(decision.policyVersion), its times, and the terms."
    if let unknown { reason += " \(unknown)" }
    reason +=
      isOff
      ? " But the camera itself says off by policy: something on the board denies (narrowed or paused there, its "
        + "ceiling, a switch or its clock); \"pumpkii explain \(decision.flag.rawValue) --board FOLDER\" there says which."
      : " What the board itself denies is known there alone: \"pumpkii explain \(decision.flag.rawValue) --board FOLDER\"."
    self.init(decision, reason: reason, cameraSays: isOff ? "off-by-policy" : nil)
  }

  private init(_ decision: Decision, reason: String, cameraSays: String?) {
    flag = decision.flag.rawValue
    point = decision.point.rawValue
    allowed = decision.allowed
    clause = decision.clause
    sentence = Clauses.clause(decision.clause)?.quotes.first ?? ""
    layer = decision.layer?.rawValue
    self.reason = reason
    self.cameraSays = cameraSays
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
  /// What is asked when somebody names a flag (`sensor.camera`, at each of its points) or a point (`E3`, each of its
  /// flags); nothing for a name that is neither.
  package static func all(about subject: String, account: String?) -> [Request] {
    if let flag = Flag(rawValue: subject) {
      return flag.points.map { Request(point: $0, flag: flag, account: $0.isForAccount ? account : nil) }
    }
    guard let point = Point(rawValue: subject) else { return [] }
    return Flag.allCases.filter { $0.points.contains(point) }
      .map { Request(point: point, flag: $0, account: point.isForAccount ? account : nil) }
  }
}
