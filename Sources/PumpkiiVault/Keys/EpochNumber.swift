/// The right to begin one epoch. It cannot be copied, and in a running device only the ``EpochLedger`` gives it out,
/// after the number is on the disk: an epoch cannot be begun twice, not even across a crash.
package struct EpochNumber: ~Copyable, Sendable {
  /// The number, as it stands in every KID of the epoch.
  package let value: UInt32

  init(reserved value: UInt32) { self.value = value }

  /// A number that nothing has recorded: for tests, vectors and simulations that have no restart.
  package init(dangerouslyUnrecorded value: UInt32) { self.value = value }
}
