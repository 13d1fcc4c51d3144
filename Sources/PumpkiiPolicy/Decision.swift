/// An answer, with everything needed to explain it and to know when to ask again.
package struct Decision: Sendable, Equatable {
  /// How much of what was asked for there is (clause C3).
  package enum Outcome: Sendable, Equatable {
    case full
    /// It goes on, and what is worse.
    case reduced(String)
    /// It does not, and which flag or field would change that.
    case unavailable(String)
  }

  /// The answer.
  package let allowed: Bool
  /// The flag that was asked for.
  package let flag: Flag
  /// The clause of the privacy policy behind the answer: the flag's, or C18 for a purpose that is not the flag's.
  package let clause: String
  /// The first layer that denied; nil when none did, and for a purpose that is not the flag's.
  package let layer: Layer?
  /// Version of the owner's policy that it rests on; 0 without one.
  package let policyVersion: UInt64
  /// SHA-256 of that policy in hexadecimal; empty without one.
  package let policyHash: String
  /// The instant (Unix µs) at which the answer changes by itself; nil when it never does.
  package let changesAt: UInt64?
  /// Where it was asked.
  package let point: Point
  /// Why the first layer that denied does so, and what would change it.
  let denial: Denial?
  /// What is worse although it is allowed; found by ``assess(_:facts:now:)`` alone.
  var loss: Flag.Companion?

  /// The words of a layer that denies.
  struct Denial: Sendable, Equatable {
    let why: String
    let advice: String
    /// The flag or field that would change it.
    let lever: String
  }

  /// Full, reduced, or unavailable. Whether an allowed answer is reduced is known to ``assess(_:facts:now:)`` only;
  /// from `decide` it is full.
  package var outcome: Outcome {
    if let denial { return .unavailable(denial.lever) }
    return loss.map { .reduced("\($0.loss) (\($0.flag.rawValue))") } ?? .full
  }

  /// A sentence or two for people: what, why, and what would change it. Made when it is read: every frame is decided
  /// about, few decisions are explained.
  package var reason: String {
    guard let denial else {
      return "\(flag.rawValue) (\(flag.action)) is allowed by the owner's policy, version \(policyVersion), "
        + "and by every other layer."
    }
    return "\(flag.rawValue) (\(flag.action)) is denied and \(point.denial(of: flag)): \(denial.why). \(denial.advice)"
  }
}
