import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

extension TestDevice {
  func beacon(_ counter: UInt64, challenge: Digest, boot: UInt8 = 1) throws -> [UInt8] {
    let body = Beacon(
      device: id, epochUID: .zero, bootNonce: try BootNonce(Array(repeating: boot, count: 16)), counter: counter,
      time: 1, camera: .offByPolicy, microphone: .noSensor, positions: [], highestClip: 0, challenge: challenge)
    return try key.sign(.beacon, body).bytes
  }
}

extension WireItem {
  fileprivate var body: [UInt8]? { if case .control(_, let body) = self { body } else { nil } }
}

@Suite(.timeLimit(.minutes(10))) struct BeaconTests {
  private static func nonce(_ byte: UInt8) throws -> Nonce { try Nonce(Array(repeating: byte, count: 16)) }

  @Test func aViewersNonceReachesTheDeviceAsARootAndComesBackAsAPathBehindTheBeacon() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let uplink = try await TestUplink(world.devicePeer, "\(world.path)/live")
      #expect(uplink.answers.status == 200)
      let viewer = try await TestStream(world.guestPeer, "\(world.path)/live?classes=video")
      #expect(try await viewer.item(.presence)?.body == [1])
      let nonce = try Self.nonce(7)
      #expect(try await world.guestPeer.send(.post, "\(world.path)/nonces", nonce.bytes).status == 204)
      let root = try #require(try await uplink.answers.item(.challenge)?.body)
      let beacon = try world.device.beacon(1, challenge: Digest(root))
      uplink.send(WireItem.control(.beacon, beacon).bytes)
      #expect(try await viewer.item(.beacon)?.body == beacon)
      let path = try NoncePath(decoding: try #require(try await viewer.item()?.body))
      #expect(path.nonce == nonce)
      #expect(BeaconCheck.answers(try Signed<Beacon>(decoding: beacon).body, path))
      uplink.finish()
      #expect(try await viewer.item(.presence)?.body == [0])
    }
  }

  /// A beacon of a camera that is not there is what it said once.
  @Test func aNewcomerIsToldOfACameraThatIsNotConnectedAndNothingOfOneThatWaits() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let beacon = try world.device.beacon(1, challenge: .zero)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/beacon", beacon).status == 204)
      let early = try await TestStream(world.guestPeer, "\(world.path)/live?classes=video")
      #expect(try await early.item(.presence)?.body == [0])
      #expect(try await early.item(.beacon)?.body == beacon)
      let events = try await TestStream(world.devicePeer, "/v1/events")
      #expect(try await events.event() == "ready {}")
      let late = try await TestStream(world.guestPeer, "\(world.path)/live?classes=video")
      // The first thing it hears: its camera has no line, and is there.
      #expect(try await late.first()?.kind == .beacon)
    }
  }

  @Test func aNewcomerSeesTheNewestBeaconAtOnceAndAnOlderOneTakesNoPlace() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      #expect(try await world.ownerPeer.send(.get, "\(world.path)/beacon").code == "beacon-none")
      let newest = try world.device.beacon(2, challenge: .zero)
      for body in [newest, try world.device.beacon(1, challenge: .zero)] {
        #expect(try await world.devicePeer.send(.put, "\(world.path)/beacon", body).status == 204)
      }
      let items = try await world.guestPeer.send(.get, "\(world.path)/beacon").items
      #expect(items == [.control(.beacon, newest)])
      let viewer = try await TestStream(world.guestPeer, "\(world.path)/live?classes=video")
      #expect(try await viewer.item(.beacon)?.body == newest)
      let reboot = try world.device.beacon(1, challenge: .zero, boot: 2)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/beacon", reboot).status == 204)
      #expect(try await viewer.item(.beacon)?.body == reboot)
    }
  }

  @Test func onlyWhoWatchesMayAskAndOnlyTheDeviceMayAnswer() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let stranger = try await peer.joined(try TestAccount())
      let nonces = "\(world.path)/nonces"
      #expect(try await world.guestPeer.send(.post, nonces, Array(repeating: 1, count: 16)).code == "not-watching")
      #expect(try await stranger.send(.post, nonces, Array(repeating: 1, count: 16)).code == "not-watching")
      #expect(try await world.guestPeer.send(.post, nonces, [1, 2, 3]).code == "wire-truncated")
      #expect(try await world.guestPeer.send(.post, nonces, Array(repeating: 1, count: 17)).status == 413)
      let beacon = try world.device.beacon(1, challenge: .zero)
      #expect(try await world.ownerPeer.send(.put, "\(world.path)/beacon", beacon).code == "not-the-device")
      #expect(try await stranger.send(.get, "\(world.path)/beacon").code == "camera-no-rights")
      let other = try TestDevice(owner: world.owner)
      let foreign = try other.beacon(1, challenge: .zero)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/beacon", foreign).code == "wire-unknown-value")
    }
  }

  @Test func aFloodOfNoncesIsLimited() async throws {
    try await withRelay(limits { $0.nonces = .init(burst: 2, perSecond: 0.001) }) { peer in
      let world = try await TestWorld(peer)
      let viewer = try await TestStream(world.guestPeer, "\(world.path)/live?classes=video")
      #expect(viewer.status == 200)
      var last: String?
      for byte in 1...3 as ClosedRange<UInt8> {
        last = try await world.guestPeer.send(.post, "\(world.path)/nonces", Self.nonce(byte).bytes).code
      }
      #expect(last == "rate-limited")
    }
  }
}
