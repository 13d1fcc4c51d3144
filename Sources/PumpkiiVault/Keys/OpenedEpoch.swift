package import PumpkiiWire

/// What a client holds of an epoch after it opened its entry: the base keys of its classes and whose they are.
package struct OpenedEpoch: Sendable {
  /// Its number.
  package let epoch: UInt32
  /// The random bytes that its objects are bound to.
  package let uid: EpochUID
  /// Whose it is.
  package let device: DeviceID
  /// The key that every object of the epoch is signed with.
  package let deviceKey: SigningKey
  /// The roster that its recipients were chosen by.
  package let rosterVersion: UInt64
  /// The classes that it has keys for.
  package let classes: ClassMask
  private let keys: [MediaClass: SecretBytes]

  init(head: KeyHead, keys: [MediaClass: SecretBytes]) {
    epoch = head.epoch
    uid = head.epochUID
    device = head.device
    deviceKey = head.deviceKey
    rosterVersion = head.rosterVersion
    self.keys = keys
    classes = ClassMask(classes: keys.keys)
  }

  /// The base key of a class, nil when it was not given.
  package func key(_ mediaClass: MediaClass) -> SecretBytes? { keys[mediaClass] }

  /// The keys of one segment.
  /// - Throws: ``VaultError`` `noKey`.
  package func segmentKeys(_ kid: SegmentKID) throws(VaultError) -> SFrameKeys {
    guard let base = keys[kid.track.mediaClass] else { throw VaultError(.noKey, kid.track.mediaClass.name) }
    return try SFrameKeys(baseKey: base, kid: kid.rawValue)
  }
}
