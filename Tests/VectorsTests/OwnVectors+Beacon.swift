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

  /// A clip of two tracks that goes on in a second epoch, where it has pictures alone.
  var clip: StructureVector {
    let epochs = [
      ClipRecord.Epoch(number: 4, uid: Self.fixed(0x61)), ClipRecord.Epoch(number: 5, uid: Self.fixed(0x64)),
    ]
    let ranges = [
      range(4, Track(.video), from: (3, 9), to: (4, 12)), range(4, Track(.audio), from: (2, 1), to: (2, 60)),
      range(5, Track(.video), from: (0, 1), to: (0, 30)),
    ]
    let body = ClipRecord(device: deviceID, number: 8, ending: .closed, epochs: epochs, ranges: ranges)
    return StructureVector(
      name: "clip record, two epochs", structure: "clip",
      fields: [
        "device": .hex(deviceID), "number": .number(8), "ending": .number(1),
        "epochs": .list(
          epochs.map { .object(["number": .number(UInt64($0.number)), "uid": .hex($0.uid)]) }),
        "ranges": .list(
          ranges.map {
            .object([
              "first_kid": .number($0.first.kid.rawValue), "first_index": .number(UInt64($0.first.index)),
              "last_kid": .number($0.last.kid.rawValue), "last_index": .number(UInt64($0.last.index)),
            ])
          }),
      ], body: body.encoded, label: .clip, signers: [device], bytes: device.sign(body, .clip).bytes)
  }

  private func range(
    _ epoch: UInt32, _ track: Track, from first: (UInt32, UInt32), to last: (UInt32, UInt32)
  ) -> ClipRecord.Range {
    func position(_ place: (UInt32, UInt32)) -> ClipRecord.Position {
      ClipRecord.Position(kid: SegmentKID(epoch: epoch, segment: place.0, track: track), index: place.1)
    }
    return ClipRecord.Range(first: position(first), last: position(last))
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
