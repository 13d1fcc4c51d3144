package import PumpkiiWire

/// A beacon, as a viewer checks it before anything in it counts.
package enum BeaconCheck {
  /// Decodes and verifies a beacon of `device` with its key `D`, which the viewer knows from the roster or a key head.
  /// - Throws: ``ChainError`` `malformed`, `wrongDevice`, `smallOrderKey`, `bigScalar` or `badSignature`.
  package static func verify(
    _ bytes: [UInt8], device: DeviceID, key: SigningKey
  ) throws(ChainError) -> Signed<Beacon> {
    let beacon = try Decoding.signed(Beacon.self, bytes)
    guard beacon.body.device == device, DeviceID(of: key) == device else { throw ChainError(.wrongDevice, "beacon") }
    try SignatureCheck.verify(beacon.signature, label: .beacon, body: beacon.bodyBytes, key: key)
    return beacon
  }

  /// Whether `path` leads from its nonce to the beacon's challenge: then the beacon was made after the nonce.
  package static func answers(_ beacon: Beacon, _ path: NoncePath) -> Bool {
    MerkleTree.verify(
      path.nonce.bytes, index: UInt64(path.leafIndex), size: UInt64(path.treeSize), path: path.hashes,
      root: beacon.challenge)
  }
}
