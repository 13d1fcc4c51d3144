internal import PumpkiiChain
internal import PumpkiiSystem
package import PumpkiiVault
package import PumpkiiWire
internal import Synchronization

/// Makes and signs beacons: the one writer of their counter.
package final class BeaconDesk: Sendable {
  private let identity: SigningIdentity
  private let device: DeviceID
  private let bootNonce: BootNonce
  private let desk: SealingDesk
  private let highestClip: @Sendable () -> UInt64
  private let counter = Mutex<UInt64>(0)

  /// - Parameters:
  ///   - bootNonce: the one that this start's key heads carry.
  ///   - highestClip: the number of the newest clip; 0 before the first.
  package init(
    identity: SigningIdentity, bootNonce: BootNonce, desk: SealingDesk, highestClip: @escaping @Sendable () -> UInt64
  ) {
    self.identity = identity
    self.bootNonce = bootNonce
    self.desk = desk
    self.highestClip = highestClip
    device = DeviceID(of: identity.publicKey)
  }

  /// The next beacon.
  /// - Parameter challenge: what the relay asked to be answered; nil answers nobody.
  package func make(_ states: BeaconState.Pair, challenge: Digest?) -> Signed<Beacon> {
    let number = counter.withLock { counter in
      counter += 1
      return counter
    }
    let standing = desk.positions
    let beacon = Beacon(
      device: device, epochUID: standing.uid ?? .zero, bootNonce: bootNonce, counter: number,
      time: Clocks.unixMicroseconds(), camera: states.camera, microphone: states.microphone,
      positions: standing.tracks, highestClip: highestClip(), challenge: challenge ?? MerkleTree.emptyRoot)
    return identity.sign(beacon, .beacon)
  }
}
