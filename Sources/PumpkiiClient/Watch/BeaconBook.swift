package import PumpkiiChain
package import PumpkiiWire

/// The beacons of one camera that a viewer has verified: which one holds, and whether it is proven to be new.
package struct BeaconBook: Sendable {
  /// ns that a nonce may be old when a beacon over it arrives.
  package static let freshness: UInt64 = 4_000_000_000
  /// Boots that were left and do not come back.
  private static let bootCount = 16

  private let device: DeviceID
  private var key: SigningKey?
  /// Came before the key was known.
  private var unread: [UInt8]?
  /// The newest that verified; of another boot than ``current`` it waits for its path.
  private var received: Signed<Beacon>?
  private var left: [BootNonce] = []
  /// What the camera said last.
  package private(set) var current: Beacon?
  /// When the newest proven beacon came (monotonic ns).
  package private(set) var provenAt: UInt64?
  /// When any beacon came last that was not seen before.
  package private(set) var heardAt: UInt64?

  /// - Parameter key: the camera's `D`; nil until a key head brings it.
  package init(device: DeviceID, key: SigningKey?) {
    self.device = device
    self.key = key
  }

  /// A key head that verified named the camera's key.
  package mutating func learn(_ key: SigningKey, now: UInt64) {
    guard self.key == nil else { return }
    self.key = key
    if let unread { _ = take(unread, now: now) }
    unread = nil
  }

  /// Takes a beacon item's body.
  /// - Returns: why it was refused; nil when it was taken.
  package mutating func take(_ bytes: [UInt8], now: UInt64) -> ChainError? {
    guard let key else {
      unread = bytes
      return nil
    }
    do throws(ChainError) {
      let beacon = try BeaconCheck.verify(bytes, device: device, key: key)
      try check(beacon)
      if received != beacon { heardAt = now }
      received = beacon
      if current == nil || current?.bootNonce == beacon.body.bootNonce { current = beacon.body }
      return nil
    } catch {
      return error
    }
  }

  /// A path behind the newest beacon that leads to it from a nonce of ours, made so many ns ago.
  /// - Returns: whether the beacon is proven to have been made after it.
  package mutating func take(_ path: NoncePath, age: UInt64, now: UInt64) -> Bool {
    guard age <= Self.freshness, let beacon = received?.body, BeaconCheck.answers(beacon, path) else { return false }
    if let old = current?.bootNonce, old != beacon.bootNonce { left = left.suffix(Self.bootCount - 1) + [old] }
    current = beacon
    provenAt = now
    return true
  }

  private func check(_ beacon: Signed<Beacon>) throws(ChainError) {
    guard !left.contains(beacon.body.bootNonce) else { throw ChainError(.rolledBack, "a beacon of an earlier boot") }
    for known in [current, received?.body].compactMap({ $0 }) where known.bootNonce == beacon.body.bootNonce {
      guard beacon.body.counter > known.counter || beacon.body == known else {
        throw ChainError(.rolledBack, "beacon \(beacon.body.counter) after \(known.counter)")
      }
    }
  }
}
