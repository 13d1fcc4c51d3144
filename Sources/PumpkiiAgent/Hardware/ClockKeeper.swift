/// What keeps a clock right, from nothing to a source of time outside the machine.
package enum ClockKeeper: Sendable, CaseIterable {
  case nothing
  /// The operator says so (`clock.trusted`).
  case word
  /// A clock with a battery, which set the system's at boot and agrees with it.
  case battery
  /// The kernel is synchronised.
  case timeSource
}
