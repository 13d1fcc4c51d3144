package import PumpkiiWire

/// Somebody who gets the keys of an epoch: one client's newest sealing key, or an owner account's paper key.
package struct Recipient: Sendable, Equatable {
  /// The client; for a paper key the client id of the recovery signing key.
  package var client: ClientID
  /// On whose behalf.
  package var account: AccountID
  /// The account chain that the device decided by.
  package var accountVersion: UInt32
  /// Its head.
  package var accountHead: Digest
  /// How the key receives.
  package var suite: SealingSuite
  /// The sealing key.
  package var publicKey: [UInt8]
  /// The classes whose keys it gets.
  package var classes: ClassMask
  /// Unix µs after which the right ends; for the screen.
  package var notAfter: UInt64

  /// A recipient and what it may have.
  package init(
    client: ClientID, account: AccountID, accountVersion: UInt32, accountHead: Digest, suite: SealingSuite,
    publicKey: [UInt8], classes: ClassMask, notAfter: UInt64 = .max
  ) {
    self.client = client
    self.account = account
    self.accountVersion = accountVersion
    self.accountHead = accountHead
    self.suite = suite
    self.publicKey = publicKey
    self.classes = classes
    self.notAfter = notAfter
  }
}
