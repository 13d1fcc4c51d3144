/// Why the agent cannot go on, with what to do about it. Equality is on ``code`` alone.
package struct AgentError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  package enum Code: String, Sendable, CaseIterable {
    case home = "agent-home"
    case notPaired = "agent-not-paired"
    case alreadyPaired = "agent-already-paired"
    case configuration = "agent-configuration"
    case pairing = "agent-pairing"
    case policy = "agent-policy"
    case clone = "agent-clone"
    case keys = "agent-keys"
    /// This user has no right to the agent's folder.
    case permission = "agent-no-permission"
    /// What the disk holds is older than what the counter beside the key says.
    case rollback = "agent-rollback"
    /// A ledger or the counter does not verify, or cannot be written.
    case audit = "agent-audit"
  }

  package let code: Code
  /// One line: what happened.
  package let reason: String
  /// One line: what to do next.
  package let advice: String

  package init(_ code: Code, _ reason: String, advice: String) {
    self.code = code
    self.reason = reason
    self.advice = advice
  }

  package var description: String { "\(reason) (\(code.rawValue)). \(advice)" }

  package static func == (left: AgentError, right: AgentError) -> Bool { left.code == right.code }
}
