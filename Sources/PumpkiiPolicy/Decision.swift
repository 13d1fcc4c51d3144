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
  /// A sentence or two for people: what, why, and what would change it.
  package let reason: String
}
