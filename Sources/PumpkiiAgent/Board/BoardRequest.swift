package import PumpkiiPolicy

/// What somebody on the board asks of a running agent, one JSON object a line over the socket in its folder.
package enum BoardRequest: Sendable, Equatable, Codable {
  /// Everything that ``BoardStatus`` says.
  case status
  /// Denies a flag here, whatever the owner allows.
  case narrow(String)
  /// Takes a denial made here back.
  case restore(String)
  /// Denies everything until ``resume``.
  case pause
  case resume
  /// Sets flags of a board that is its own owner.
  case set([String: Bool])
  /// Confirms the sensor that is there now (`camera`, `microphone`) on a board that is its own owner.
  case confirm(String)
  /// Why a flag or a point is as it is.
  case explain(subject: String, account: String?, at: UInt64?)
  /// Records a clip now.
  case record
}

/// The answer: a status, sentences, or an error of two lines.
package enum BoardAnswer: Sendable, Codable {
  case status(BoardStatus)
  case done
  case explained([Explanation])
  case failed(code: String, reason: String, advice: String)
}

/// One decision as people read it.
package struct Explanation: Sendable, Codable, Equatable {
  package let flag: String
  package let point: String
  package let allowed: Bool
  package let clause: String
  /// The sentence of the privacy policy behind it.
  package let sentence: String
  /// The first layer that denied; nil when none did.
  package let layer: String?
  package let reason: String
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
    policyVersion = decision.policyVersion
    policyHash = decision.policyHash
    changesAt = decision.changesAt
  }
}
