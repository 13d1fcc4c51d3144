/// An answer, with everything needed to explain it and to know when to ask again.
package struct Decision: Sendable, Equatable {
  /// The answer.
  package let allowed: Bool
  /// The flag that was asked for.
  package let flag: Flag
  /// The clause of the privacy policy behind the flag.
  package let clause: String
  /// The first layer that denied, nil when none did.
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

  /// The words of a layer that denies.
  struct Denial: Sendable, Equatable {
    let why: String
    let advice: String
  }

  /// A sentence or two for people: what, why, and what would change it. Made when it is read: every frame is decided about,
  /// few decisions are explained.
  package var reason: String {
    guard let denial else {
      return "\(flag.rawValue) (\(flag.action)) is allowed by the owner's policy, version \(policyVersion), "
        + "and by every other layer."
    }
    return "\(flag.rawValue) (\(flag.action)) is denied and \(point.denial): \(denial.why). \(denial.advice)"
  }
}
