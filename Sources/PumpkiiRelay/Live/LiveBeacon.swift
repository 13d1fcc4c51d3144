package import NIOCore
package import PumpkiiWire

/// The newest beacon of a device: opaque but for what decides which is newer and whose nonces it answers.
package struct LiveBeacon: Sendable, Equatable {
  /// As an item.
  package let item: ByteBuffer
  let boot: BootNonce
  let counter: UInt64
  let challenge: Digest

  /// A beacon of `device` as it was received.
  /// - Throws: ``PumpkiiWire/WireError`` for anything else than a beacon of this device.
  package init(_ body: [UInt8], of device: DeviceID) throws(WireError) {
    let beacon = try Signed<Beacon>(decoding: body).body
    guard beacon.device == device else { throw WireError(.unknownValue, "the beacon's device") }
    item = ByteBuffer(bytes: WireItem.control(.beacon, body).bytes)
    boot = beacon.bootNonce
    counter = beacon.counter
    challenge = beacon.challenge
  }

  /// Whether this one takes the place of `other`.
  func replaces(_ other: LiveBeacon?) -> Bool {
    guard let other, other.boot == boot else { return true }
    return counter > other.counter
  }
}
