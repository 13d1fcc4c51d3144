import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct BeaconCheckTests {
  let device: Person
  var beacon: Beacon

  init() throws {
    device = try Person(1)
    beacon = Beacon(
      device: DeviceID(of: device.key), epochUID: try EpochUID([UInt8](repeating: 2, count: 16)),
      bootNonce: try BootNonce([UInt8](repeating: 3, count: 16)), counter: 4, time: 5, camera: .live,
      microphone: .offByPolicy,
      positions: [
        Beacon.Position(track: Track(.video), segment: 1, nextIndex: 2),
        Beacon.Position(track: Track(.audio), segment: 3, nextIndex: 4),
      ], highestClip: 6, challenge: .zero)
  }

  private func verify(_ bytes: [UInt8]) throws(ChainError) -> Beacon {
    try BeaconCheck.verify(bytes, device: DeviceID(of: device.key), key: device.key).body
  }

  @Test func theDevicesOwnBeaconPasses() throws {
    #expect(try verify(device.sign(beacon, .beacon)) == beacon)
  }

  @Test mutating func anotherDeviceKeyOrLabelIsRefused() throws {
    let other = try Person(2)
    let (foreign, label) = (try other.sign(beacon, .beacon), try device.sign(beacon, .keyHead))
    #expect(throws: ChainError(.badSignature, "")) { try verify(foreign) }
    #expect(throws: ChainError(.badSignature, "")) { try verify(label) }
    #expect(throws: ChainError(.wrongDevice, "")) {
      try BeaconCheck.verify(foreign, device: DeviceID(of: device.key), key: other.key)
    }
    beacon.device = DeviceID(of: other.key)
    let named = try device.sign(beacon, .beacon)
    #expect(throws: ChainError(.wrongDevice, "")) { try verify(named) }
  }

  @Test func anyFlippedBitIsRefused() throws {
    let bytes = try device.sign(beacon, .beacon)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: ChainError.self) { try verify(flipped) }
    }
  }

  @Test mutating func tracksAscendAndStandOnce() throws {
    beacon.positions.swapAt(0, 1)
    let swapped = beacon.encoded
    #expect(throws: WireError(.order, "")) { try Beacon(decoding: swapped) }
    beacon.positions = [beacon.positions[1], beacon.positions[1]]
    let twice = beacon.encoded
    #expect(throws: WireError(.order, "")) { try Beacon(decoding: twice) }
  }

  @Test mutating func whatIsOverALimitOrInNoListIsRefused() throws {
    let states = beacon.encoded
    let place = 1 + 16 + 16 + 16 + 8 + 8
    for octet in [place, place + 1] {
      for value in [UInt8(0), UInt8(Beacon.State.allCases.count + 1)] {
        var bytes = states
        bytes[octet] = value
        #expect(throws: WireError(.unknownValue, "")) { try Beacon(decoding: bytes) }
      }
    }
    beacon.positions[0].segment = 1 << 24
    let segment = beacon.encoded
    #expect(throws: WireError(.overLimit, "")) { try Beacon(decoding: segment) }
    beacon.positions = (0..<9).map { Beacon.Position(track: Track(.video, $0), segment: 0, nextIndex: 0) }
    let many = beacon.encoded
    #expect(throws: WireError(.overLimit, "")) { try Beacon(decoding: many) }
  }

  @Test mutating func aPathAnswersOnlyItsOwnNonceUnderTheBeaconsChallenge() throws {
    let nonces = try (1...5).map { try Nonce(Array(repeating: $0, count: 16)) }
    let tree = MerkleTree(nonces.map(\.bytes))
    var path = NoncePath(nonce: nonces[3], treeSize: 5, leafIndex: 3, hashes: try #require(tree.path(3)))
    #expect(!BeaconCheck.answers(beacon, path))
    beacon.challenge = tree.root
    #expect(BeaconCheck.answers(beacon, path))
    path.nonce = nonces[2]
    #expect(!BeaconCheck.answers(beacon, path))
  }

  @Test func aPathThatCannotBeOneDoesNotDecode() throws {
    let nonce = try Nonce(Array(repeating: 1, count: 16))
    let outside = NoncePath(nonce: nonce, treeSize: 2, leafIndex: 2, hashes: [.zero])
    #expect(throws: WireError(.unknownValue, "")) { try NoncePath(decoding: outside.encoded) }
    let long = NoncePath(nonce: nonce, treeSize: 2, leafIndex: 0, hashes: Array(repeating: .zero, count: 17))
    #expect(throws: WireError(.overLimit, "")) { try NoncePath(decoding: long.encoded) }
  }
}
