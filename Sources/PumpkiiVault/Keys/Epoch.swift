internal import PumpkiiChain
package import PumpkiiWire

/// The random base keys of one epoch, one a class: memory only, never stored by the device, wiped with the value. It
/// cannot be copied, so there is one place that numbers the segments.
package struct Epoch: ~Copyable, Sendable {
  /// The number that stands in every KID.
  package let number: UInt32
  /// Random bytes bound into every object and key message of the epoch.
  package let uid: EpochUID
  /// Who seals.
  package let device: DeviceID
  /// The classes that have a key.
  package let classes: ClassMask
  let identity: SigningIdentity
  let keys: [MediaClass: SecretBytes]
  private let limits: SealingLimits
  private var tracks: [Track: TrackNumbers] = [:]

  private struct TrackNumbers {
    var nextSegment: UInt32 = 0
    let clock = CaptureClock()
  }

  /// Fresh keys and a fresh uid under a number that was reserved for it.
  package init(
    number: consuming EpochNumber, identity: SigningIdentity, classes: [MediaClass] = MediaClass.allCases,
    limits: SealingLimits = SealingLimits()
  ) {
    let uid = SecretBytes(randomCount: EpochUID.byteCount)
    guard let uid = try? EpochUID(uid.exposed) else { preconditionFailure("a uid has the bytes that were asked for") }
    let keys = classes.map { ($0, SecretBytes(randomCount: KeySchedule.baseKeyByteCount)) }
    self.init(
      number: number, identity: identity, dangerouslyFixed: Dictionary(keys) { first, _ in first }, uid: uid,
      limits: limits)
  }

  /// Keys that somebody else made: for vectors only, where the same bytes must come out each time.
  package init(
    number: consuming EpochNumber, identity: SigningIdentity, dangerouslyFixed keys: [MediaClass: SecretBytes],
    uid: EpochUID, limits: SealingLimits = SealingLimits()
  ) {
    self.number = number.value
    self.uid = uid
    self.identity = identity
    self.keys = keys
    self.limits = limits
    device = DeviceID(of: identity.publicKey)
    classes = ClassMask(classes: keys.keys)
  }

  /// What the head of this epoch's key message commits to, ascending by class.
  package var commitments: [KeyHead.Commitment] {
    classes.classes.compactMap { mediaClass in
      keys[mediaClass].map {
        KeyHead.Commitment(
          mediaClass: mediaClass,
          commit: KeySchedule.commitment(to: $0, device: device, uid: uid, mediaClass: mediaClass))
      }
    }
  }

  /// The sealer of the track's next segment. Segments are numbered from 0 in each track without a gap; a segment that
  /// was begun and never used still has its number.
  /// - Throws: ``VaultError`` `noKey` for a class without a key, `counterExhausted` after 2^24 segments.
  package mutating func nextSegment(track: Track) throws(VaultError) -> SegmentSealer {
    guard let base = keys[track.mediaClass] else { throw VaultError(.noKey, track.mediaClass.name) }
    var numbers = tracks[track] ?? TrackNumbers()
    guard numbers.nextSegment < limits.segmentsPerTrack else {
      throw VaultError(.counterExhausted, "segments of a track")
    }
    let kid = SegmentKID(epoch: number, segment: numbers.nextSegment, track: track)
    numbers.nextSegment += 1
    tracks[track] = numbers
    return try SegmentSealer(
      kid: kid, keys: SFrameKeys(baseKey: base, kid: kid.rawValue), uid: uid, identity: identity, clock: numbers.clock,
      objectLimit: limits.objectsPerSegment)
  }
}
