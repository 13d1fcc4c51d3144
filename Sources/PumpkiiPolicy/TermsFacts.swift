/// What a person accepted and acknowledged, against what is in force. Without both, nothing leaves the device.
package struct TermsFacts: Sendable, Equatable {
  /// One version of the terms: its number, and the SHA-256 of its text in hexadecimal.
  package struct Version: Sendable, Hashable {
    package var number: UInt64
    package var hash: String

    /// A version of the terms.
    package init(number: UInt64, hash: String) {
      self.number = number
      self.hash = hash
    }
  }

  /// What is in the way.
  enum Problem: Sendable, Equatable {
    case notAccepted
    case noAccount
    case changed(since: UInt64, now: UInt64)
    case riskNotAcknowledged
    case riskTextChanged
  }

  /// What was accepted; nil when nothing was.
  package let accepted: Version?
  /// The terms in force.
  package let current: Version
  /// SHA-256 of the risk text that was acknowledged; nil when none was.
  package let acknowledgedRisk: String?
  /// SHA-256 of the risk text in force.
  package let currentRisk: String
  /// Found once, not with every frame.
  let problem: Problem?

  /// Facts about the terms in force, which are this program's own unless a newer version was announced.
  package init(
    accepted: Version?, acknowledgedRisk: String?, current: Version = Texts.terms, currentRisk: String = Texts.riskHash
  ) {
    self.accepted = accepted
    self.current = current
    self.acknowledgedRisk = acknowledgedRisk
    self.currentRisk = currentRisk
    problem =
      if let accepted, accepted == current {
        acknowledgedRisk == currentRisk ? nil : acknowledgedRisk == nil ? .riskNotAcknowledged : .riskTextChanged
      } else {
        accepted.map { .changed(since: $0.number, now: current.number) } ?? .notAccepted
      }
  }

  /// Nothing accepted and nothing acknowledged.
  package static let none = TermsFacts(accepted: nil, acknowledgedRisk: nil)

  /// What a board without an account has: there is nobody to accept anything.
  package static let noAccount = TermsFacts(problem: .noAccount)

  private init(problem: Problem) {
    (accepted, acknowledgedRisk) = (nil, nil)
    (current, currentRisk) = (Texts.terms, Texts.riskHash)
    self.problem = problem
  }

  /// The terms and the risk text of this program, both accepted.
  package static let accepted = TermsFacts(accepted: Texts.terms, acknowledgedRisk: Texts.riskHash)
}
