import PumpkiiChain
import PumpkiiVault
import PumpkiiWire

extension OwnVectors {
  /// Nonces of as many viewers, each of one repeated byte.
  private func nonces(_ count: Int) -> [Nonce] { (0..<count).map { Self.fixed(UInt8(0x71 + $0)) } }

  private func tree(_ count: Int) -> MerkleTree { MerkleTree(nonces(count).map(\.bytes)) }

  /// One before the first epoch that answers nobody, and one in the middle of two tracks over three nonces.
  var beacons: [StructureVector] {
    [
      beacon("beacon, off by policy, no track", camera: .offByPolicy, microphone: .noSensor, [], viewers: 0),
      beacon(
        "beacon, live, two tracks", camera: .live, microphone: .live,
        [
          Beacon.Position(track: Track(.video), segment: 3, nextIndex: 41),
          Beacon.Position(track: Track(.audio), segment: 2, nextIndex: 7),
        ], viewers: 3),
    ]
  }

  private func beacon(
    _ name: String, camera: Beacon.State, microphone: Beacon.State, _ positions: [Beacon.Position], viewers: Int
  ) -> StructureVector {
    let body = Beacon(
      device: deviceID, epochUID: Self.fixed(0x61), bootNonce: Self.fixed(0x62), counter: 9, time: time, camera: camera,
      microphone: microphone, positions: positions, highestClip: 3, challenge: tree(viewers).root)
    return StructureVector(
      name: name, structure: "beacon",
      fields: [
        "device": .hex(deviceID), "epoch_uid": .hex(body.epochUID), "boot_nonce": .hex(body.bootNonce),
        "counter": .number(9), "time": .number(time), "camera": .number(UInt64(camera.rawValue)),
        "microphone": .number(UInt64(microphone.rawValue)), "highest_clip": .number(3),
        "challenge": .hex(body.challenge),
        "positions": .list(
          positions.map {
            .object([
              "track": .number(UInt64($0.track.rawValue)), "segment": .number(UInt64($0.segment)),
              "next": .number(UInt64($0.nextIndex)),
            ])
          }),
      ], body: body.encoded, label: .beacon, signers: [device], bytes: device.sign(body, .beacon).bytes)
  }

  /// The last viewer's way up in a tree of three.
  var noncePath: StructureVector {
    let path = tree(3).path(2) ?? []
    let body = NoncePath(nonce: nonces(3)[2], treeSize: 3, leafIndex: 2, hashes: path)
    return StructureVector(
      name: "nonce path", structure: "nonce-path",
      fields: [
        "nonce": .hex(body.nonce), "size": .number(3), "index": .number(2), "hashes": .list(path.map { .hex($0) }),
      ], body: body.encoded, bytes: body.encoded)
  }

  /// Roots and all paths of trees of 0 to 9 nonces.
  var challenges: JSONValue {
    .list(
      (0...9).map { count in
        .object([
          "nonces": .list(nonces(count).map { .hex($0) }), "root": .hex(tree(count).root),
          "paths": .list((0..<count).map { .list((tree(count).path($0) ?? []).map { .hex($0) }) }),
        ])
      })
  }
}
