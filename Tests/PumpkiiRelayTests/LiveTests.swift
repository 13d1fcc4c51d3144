import NIOCore
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

private let video = Track(.video)
private let audio = Track(.audio)

extension WireItem {
  fileprivate var acknowledged: UInt32? {
    guard case .control(.acknowledgement, let body) = self else { return nil }
    return body.suffix(4).reduce(0) { $0 << 8 | UInt32($1) }
  }

  fileprivate var index: UInt32? {
    guard case .object(let header, _) = self else { return nil }
    return header.index
  }
}

@Suite(.timeLimit(.minutes(10))) struct LiveTests {
  @Test func aFrameArrivesByteForByteAndEveryObjectIsAcknowledged() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let keys = try world.device.keys(epoch: 1, to: [world.owner, world.guest])
      let uplink = try await TestUplink(world.devicePeer, "\(world.path)/live")
      #expect(uplink.answers.status == 200)
      uplink.send(keys.items)
      let first = world.device.object(video, index: 0, .initialization)
      uplink.send(first)
      #expect(try await uplink.answers.item()?.acknowledged == 0)
      let viewer = try await TestStream(world.guestPeer, "\(world.path)/live?classes=video,audio")
      #expect(try await viewer.item() == .control(.keyHead, keys.head))
      #expect(try await viewer.item() == .control(.keyEntry, keys.entries[1]))
      #expect(try await viewer.item()?.bytes == first)
      let second = world.device.object(video, index: 1, .randomAccess, count: 100_000)
      // In two pieces, as a network would.
      uplink.send(Array(second[..<777]))
      uplink.send(Array(second[777...]))
      uplink.send(world.device.object(audio, index: 0, .initialization))
      uplink.send(world.device.object(video, index: 2))
      #expect(try await uplink.answers.item()?.acknowledged == 1)
      #expect(try await viewer.item()?.bytes == second)
      #expect(try await viewer.item()?.index == 2)
      // What came in band is stored like what was put.
      #expect(try await world.ownerPeer.send(.get, "\(world.path)/keys/newest").body == keys.items)
      uplink.finish()
      await uplink.answers.drain()
    }
  }

  @Test func theDeviceIsToldWhatIsWantedAndClientsOfRosterAndKeys() async throws {
    try await withRelay { peer in
      var world = try await TestWorld(peer)
      let device = try await TestStream(world.devicePeer, "/v1/events")
      let owner = try await TestStream(world.ownerPeer, "/v1/events")
      #expect(try await device.event() == "ready {}")
      #expect(try await device.event() == #"wanted {"classes":[]}"#)
      #expect(try await owner.event() == "ready {}")
      let viewer = try await TestStream(world.guestPeer, "\(world.path)/live?classes=video,audio")
      #expect(try await device.event() == #"wanted {"classes":["video"]}"#)
      let change = try world.device.grant(world.guest, ClassMask(.audio), by: world.owner, nonce: 3)
      try world.device.take(change, world.owner, world.guest)
      try await world.devicePeer.put(world.device)
      #expect(try await device.event() == #"wanted {"classes":["video","audio"]}"#)
      #expect(try await owner.event() == #"roster {"device":"\#(world.device.id.hex)","version":3}"#)
      _ = try await world.putKeys(try world.device.keys(epoch: 1, to: [world.owner, world.guest]), epoch: 1)
      #expect(try await owner.event() == #"keys {"device":"\#(world.device.id.hex)","epoch":1}"#)
      #expect(try await viewer.item()?.kind == .keyHead)
      #expect(try await world.ownerPeer.send(.get, "/v1/cameras").json.description.contains("online\": 1"))
    }
  }

  @Test func aRevocationCutsBeforeTheDeviceHasHeardOfIt() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      _ = try await world.putKeys(try world.device.keys(epoch: 1, to: [world.owner, world.guest]), epoch: 1)
      let events = try await TestStream(world.guestPeer, "/v1/events")
      #expect(try await events.event() == "ready {}")
      let viewer = try await TestStream(world.guestPeer, "\(world.path)/live")
      #expect(try await viewer.item()?.kind == .keyHead)
      let target = try #require(world.device.roster.grants.keys.first)
      let revoke = try world.device.operation(.revoke(target), by: world.owner)
      #expect(try await world.ownerPeer.send(.post, "\(world.path)/operations", revoke).status == 202)
      await viewer.drain()
      #expect(try await events.event() == #"cut {"device":"\#(world.device.id.hex)"}"#)
      #expect(try await world.guestPeer.send(.get, "\(world.path)/live").code == "camera-no-rights")
      #expect(try await world.ownerPeer.send(.get, "/v1/cameras").status == 200)
    }
  }

  @Test func aKeyHeadWithoutItsEntryCutsAViewer() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      _ = try await world.putKeys(try world.device.keys(epoch: 1, to: [world.owner, world.guest]), epoch: 1)
      let viewer = try await TestStream(world.guestPeer, "\(world.path)/live")
      #expect(try await viewer.item()?.kind == .keyHead)
      _ = try await world.putKeys(try world.device.keys(epoch: 2, to: [world.owner]), epoch: 2)
      await viewer.drain()
    }
  }

  @Test func aViewerThatGoesIsForgotten() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let device = try await TestStream(world.devicePeer, "/v1/events")
      _ = try await device.event()
      _ = try await device.event()
      do {
        let viewer = try await TestStream(world.guestPeer, "\(world.path)/live")
        #expect(viewer.status == 200)
        #expect(try await device.event() == #"wanted {"classes":["video","photo"]}"#)
      }
      // Letting the response go closes its connection.
      #expect(try await device.event() == #"wanted {"classes":[]}"#)
    }
  }

  @Test func aNewerUplinkEndsTheOlderOne() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let old = try await TestUplink(world.devicePeer, "\(world.path)/live")
      let new = try await TestUplink(world.devicePeer, "\(world.path)/live")
      await old.answers.drain()
      old.finish()
      new.send(try world.device.keys(epoch: 1, to: [world.owner]).items)
      new.send(world.device.object(video, index: 0, .initialization))
      #expect(try await new.answers.item()?.acknowledged == 0)
      new.finish()
    }
  }

  @Test(arguments: ["foreign", "nonsense", "broken keys", "loss"])
  func anUplinkThatBreaksTheRulesEnds(_ what: String) async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let uplink = try await TestUplink(world.devicePeer, "\(world.path)/live")
      switch what {
      case "foreign": uplink.send(try TestDevice(owner: world.owner).object(video, index: 0, .initialization))
      case "nonsense": uplink.send(Array("GET / HTTP/1.1".utf8))
      case "loss": uplink.send(WireItem.control(.loss, []).bytes)
      default:
        uplink.send(WireItem.control(.keyHead, try world.device.keys(epoch: 1, to: [world.owner]).head).bytes)
        uplink.send(world.device.object(video, index: 0, .initialization))
      }
      await uplink.answers.drain()
      uplink.finish()
    }
  }

  @Test func whoMayNotWatchOrPublishIsTold() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let path = "\(world.path)/live"
      #expect(try await world.guestPeer.send(.get, "\(path)?classes=audio").code == "camera-no-rights")
      #expect(try await world.guestPeer.send(.get, "\(path)?classes=smell").code == "bad-classes")
      #expect(try await world.devicePeer.send(.get, path).code == "not-a-client")
      #expect(try await world.guestPeer.send(.post, path).code == "not-the-device")
      #expect(try await peer.send(.get, path).code == "token")
    }
  }

  @Test func theLedgerNamesWhatWasDelivered() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      configuration.ledger = "\(folder)/ledger.jsonl"
      try await withRelay(configuration) { peer in
        let world = try await TestWorld(peer)
        let uplink = try await TestUplink(world.devicePeer, "\(world.path)/live")
        uplink.send(try world.device.keys(epoch: 1, to: [world.owner, world.guest]).items)
        let viewer = try await TestStream(world.guestPeer, "\(world.path)/live")
        #expect(try await viewer.item()?.kind == .keyHead)
        #expect(try await viewer.item()?.kind == .keyEntry)
        uplink.send(world.device.object(video, index: 0, .initialization))
        uplink.send(world.device.object(video, index: 1, .randomAccess))
        #expect(try await viewer.item()?.index == 0)
        #expect(try await viewer.item()?.index == 1)
        uplink.finish()
      }
      let lines = try text("\(folder)/ledger.jsonl").split(separator: "\n")
      #expect(lines.count == 2)
      #expect(lines.last?.contains(#""event":"delivered""#) == true)
      #expect(lines.last?.contains(#""kid":"0x0000000100000010","index":1,"bytes":200"#) == true)
    }
  }
}
