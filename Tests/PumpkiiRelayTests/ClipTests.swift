import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

@Suite(.timeLimit(.minutes(10))) struct ClipTests {
  @Test func aStoredClipComesBackByteForByteAndTwiceIsOnce() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let clip = try world.device.clip(7, to: [world.owner])
      let first = try await world.devicePeer.send(.put, "\(world.path)/clips/7", clip)
      #expect(first.status == 201)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/7", clip).status == 200)
      #expect(try await world.ownerPeer.send(.get, "\(world.path)/clips/7").body == clip)
      #expect(try await world.devicePeer.send(.get, "\(world.path)/clips/7").body == clip)
      let answer = try await world.ownerPeer.send(.get, "\(world.path)/clips").json
      let list = try #require(answer["clips"] as? [[String: Any]])
      #expect(list.count == 1)
      #expect(list.first?["number"] as? Int == 7)
      #expect(list.first?["bytes"] as? Int == clip.count)
      #expect(list.first?["sha256"] as? String == Hashes.sha256(clip).hex)
      #expect(list.first?["classes"] as? [String] == ["video", "audio"])
      #expect((list.first?["stored_us"] as? Int ?? 0) > 1_600_000_000_000_000)
    }
  }

  @Test func anotherClipOfANumberThatIsStoredIsRefused() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let clip = try world.device.clip(1, to: [world.owner])
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/1", clip).status == 201)
      let other = try await world.devicePeer.send(
        .put, "\(world.path)/clips/1", world.device.clip(1, to: [world.owner], objects: 2))
      #expect(other.status == 409)
      #expect(other.code == "clip-fork")
      #expect(try await world.ownerPeer.send(.get, "\(world.path)/clips/1").body == clip)
    }
  }

  @Test func onlyTheDeviceStoresClips() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let clip = try world.device.clip(1, to: [world.owner])
      #expect(try await world.ownerPeer.send(.put, "\(world.path)/clips/1", clip).code == "not-the-device")
      #expect(try await peer.send(.put, "\(world.path)/clips/1", clip).status == 401)
      #expect(try await world.ownerPeer.send(.get, "\(world.path)/clips/1").code == "clip-unknown")
    }
  }

  @Test func whatIsNoClipOfTheDeviceLeavesNothing() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      try await withRelay(configuration) { peer in
        let world = try await TestWorld(peer)
        let (device, path) = (world.device, "\(world.path)/clips/5")
        let whole = try device.clip(5, to: [world.owner])
        let stranger = try TestDevice(owner: world.owner)
        let keys = try device.keys(epoch: 1, to: [world.owner])
        let foreign = stranger.object(Track(.video), index: 0)
        let cases: [(bytes: [UInt8], code: String)] = [
          ([], "clip-items"),
          (keys.items, "clip-items"),
          (Array(whole.dropLast()), "clip-items"),
          (try device.clip(6, to: []), "clip-wrong-number"),
          (try device.record(5, of: stranger.id), "clip-wrong-device"),
          (try device.record(5, by: stranger.key), "chain-bad-signature"),
          (try device.record(5) + foreign, "object-wrong-device"),
          (try device.record(5) + stranger.keys(epoch: 1, to: []).items, "chain-wrong-device"),
          (try device.record(5) + WireItem.control(.keyEntry, keys.entries[0]).bytes, "keys-entries"),
          (try device.record(5) + device.record(5), "clip-items"),
          (try device.record(5) + [9, 9, 9, 9, 9, 9, 9, 9], "wire-unknown-version"),
        ]
        for (bytes, code) in cases {
          var headers = HTTPHeaders()
          if bytes.isEmpty { headers.add(name: "Content-Length", value: "0") }
          #expect(try await world.devicePeer.send(.put, path, bytes, headers: headers).code == code)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/clips/new").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/clips") == ["new"])
        #expect(try await world.devicePeer.send(.put, path, whole).status == 201)
      }
    }
  }

  @Test func anUploadThatIsCutLeavesNothing() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      try await withRelay(configuration) { peer in
        let world = try await TestWorld(peer)
        let clip = try world.device.clip(2, to: [world.owner], objects: 20, count: 30_000)
        // The first part ends between two items; what follows never comes.
        let part = try world.device.record(2) + world.device.keys(epoch: 1, to: [world.owner]).items
        var request = world.devicePeer.request(.put, "\(world.path)/clips/2")
        let (stream, continuation) = AsyncThrowingStream<ByteBuffer, any Error>.makeStream()
        request.body = .stream(stream, length: .known(Int64(clip.count)))
        continuation.yield(ByteBuffer(bytes: part))
        let sent = request
        async let answer = world.devicePeer.lines.execute(sent, timeout: .seconds(120))
        while try FileManager.default.contentsOfDirectory(atPath: "\(folder)/clips/new").isEmpty { await Task.yield() }
        continuation.finish(throwing: CancellationError())
        var isCut = false
        do { _ = try await answer } catch { isCut = true }
        #expect(isCut)
        while try !FileManager.default.contentsOfDirectory(atPath: "\(folder)/clips/new").isEmpty { await Task.yield() }
        let list = try await world.devicePeer.send(.get, "\(world.path)/clips").json["clips"] as? [Any]
        #expect(list?.isEmpty == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/clips") == ["new"])
        // It holds no place either.
        for number in 2...4 as ClosedRange<UInt64> {
          let again = try world.device.clip(number, to: [world.owner])
          #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/\(number)", again).status == 201)
        }
      }
    }
  }

  @Test func aClipWithoutItsLengthIsRefused() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      var request = world.devicePeer.request(.put, "\(world.path)/clips/2")
      let clip = try world.device.clip(2, to: [])
      let (stream, continuation) = AsyncStream<ByteBuffer>.makeStream()
      continuation.yield(ByteBuffer(bytes: clip))
      continuation.finish()
      request.body = .stream(stream, length: .unknown)
      let answer = try await world.devicePeer.lines.execute(request, timeout: .seconds(120))
      #expect(answer.status.code == 411)
    }
  }

  @Test func aGuestWithRecordingsGetsItsOwnPartOnly() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let clip = try world.device.clip(3, to: [world.owner, world.guest])
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/3", clip).status == 201)
      var parser = WireItemParser()
      parser.append(clip)
      var expected: [UInt8] = []
      while let item = try parser.next() {
        switch item {
        case .object(let header, let bytes): if header.mediaClass == .video { expected += bytes }
        case .control(.keyEntry, let body):
          if try KeyEntry(decoding: body).client == world.guest.client { expected += item.bytes }
        case .control: expected += item.bytes
        }
      }
      let answer = try await world.guestPeer.send(.get, "\(world.path)/clips/3", headers: ["Range": "bytes=0-9"])
      #expect(answer.status == 200)
      #expect(answer.body == expected)
      let list = try await world.guestPeer.send(.get, "\(world.path)/clips").json["clips"] as? [[String: Any]]
      #expect(list?.first?["classes"] as? [String] == ["video"])
      #expect(try await world.guestPeer.send(.delete, "\(world.path)/clips/3").code == "camera-no-rights")
    }
  }

  @Test func aGrantForLiveAloneOpensNoClip() async throws {
    try await withRelay { peer in
      var world = try await TestWorld(peer)
      let watcher = try TestAccount()
      let watcherPeer = try await peer.joined(watcher)
      let grant = try world.device.grant(watcher, .all, by: world.owner, scope: .live, nonce: 9)
      try world.device.take(grant, world.owner, watcher)
      #expect(try await world.devicePeer.put(world.device).status == 200)
      let clip = try world.device.clip(3, to: [world.owner, watcher])
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/3", clip).status == 201)
      for path in ["\(world.path)/clips", "\(world.path)/clips/3"] {
        let answer = try await watcherPeer.send(.get, path)
        #expect(answer.status == 403)
        #expect(answer.code == "camera-no-recordings")
      }
    }
  }

  @Test func aGuestWhoseRightEndsReadsNoFurther() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      // More than all buffers between the two hold.
      let clip = try world.device.clip(3, to: [world.owner, world.guest], objects: 40, count: 900_000)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/3", clip).status == 201)
      let request = world.guestPeer.request(.get, "\(world.path)/clips/3")
      let answer = try await world.guestPeer.lines.execute(request, timeout: .seconds(120))
      var pieces = answer.body.makeAsyncIterator()
      var bytes = try await pieces.next()?.readableBytes ?? 0
      #expect(answer.status == .ok && bytes > 0)
      let target = try #require(world.device.roster.grants.keys.first)
      let revocation = try world.device.operation(.revoke(target), by: world.owner)
      #expect(try await world.ownerPeer.send(.post, "\(world.path)/operations", revocation).status == 202)
      var isCut = false
      do { while let piece = try await pieces.next() { bytes += piece.readableBytes } } catch { isCut = true }
      #expect(isCut && bytes < 30 * 900_000, "\(bytes)")
    }
  }

  @Test func ownersReadRanges() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let (path, clip) = ("\(world.path)/clips/3", try world.device.clip(3, to: [world.owner]))
      #expect(try await world.devicePeer.send(.put, path, clip).status == 201)
      let part = try await world.ownerPeer.send(.get, path, headers: ["Range": "bytes=10-19"])
      #expect(part.status == 206)
      #expect(part.body == Array(clip[10..<20]))
      #expect(part.header("Content-Range") == "bytes 10-19/\(clip.count)")
      let tag = try #require(part.header("ETag"))
      let rest = try await world.ownerPeer.send(.get, path, headers: ["Range": "bytes=20-", "If-Range": tag])
      #expect(rest.body == Array(clip[20...]))
      let other = try await world.ownerPeer.send(.get, path, headers: ["Range": "bytes=20-", "If-Range": "\"x\""])
      #expect(other.body == clip)
      let beyond = try await world.ownerPeer.send(.get, path, headers: ["Range": "bytes=\(clip.count)-"])
      #expect(beyond.status == 416)
      #expect(beyond.code == "clip-range")
      #expect(beyond.header("Content-Range") == "bytes */\(clip.count)")
    }
  }

  @Test func aDeletedClipIsGoneAndNotTakenAgain() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      try await withRelay(configuration) { peer in
        let world = try await TestWorld(peer)
        let (path, clip) = ("\(world.path)/clips/3", try world.device.clip(3, to: [world.owner]))
        #expect(try await world.devicePeer.send(.put, path, clip).status == 201)
        #expect(try await world.ownerPeer.send(.delete, path).status == 204)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/clips/\(world.device.id.hex)").isEmpty)
        #expect(try await world.ownerPeer.send(.get, path).code == "clip-gone")
        let again = try await world.devicePeer.send(.put, path, clip)
        #expect(again.status == 410)
        #expect(again.code == "clip-gone")
        let gone = try await world.ownerPeer.send(.get, "\(world.path)/clips").json["gone"] as? [[String: Any]]
        #expect(gone?.first?["number"] as? Int == 3)
        #expect(gone?.first?["reason"] as? String == "deleted")
        #expect(try await world.devicePeer.send(.delete, path).status == 204)
      }
    }
  }

  @Test func theOldestClipsMakeRoomAndTheDeviceIsTold() async throws {
    let small = limits {
      $0.clipBytes = 10_000
      $0.clipBytesPerCamera = 20_000
    }
    try await withRelay(small) { peer in
      let world = try await TestWorld(peer)
      for number in 1...3 as ClosedRange<UInt64> {
        let clip = try world.device.clip(number, to: [], objects: 7, count: 1000)
        let answer = try await world.devicePeer.send(.put, "\(world.path)/clips/\(number)", clip)
        #expect(answer.status == 201)
        #expect(answer.json["removed"] as? [Int] == (number == 3 ? [1] : []))
      }
      let list = try await world.ownerPeer.send(.get, "\(world.path)/clips").json
      #expect((list["clips"] as? [[String: Any]])?.map { $0["number"] as? Int } == [2, 3])
      #expect((list["gone"] as? [[String: Any]])?.first?["reason"] as? String == "retention")
      let large = try world.device.clip(9, to: [], objects: 20, count: 1000)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/9", large).code == "body-too-large")
    }
  }

  @Test func aFullRelayTellsTheDeviceToKeepItsClip() async throws {
    let small = limits {
      $0.clipBytes = 10_000
      $0.clipBytesPerCamera = 20_000
      $0.allClipsBytes = 20_000
    }
    try await withRelay(small) { peer in
      let world = try await TestWorld(peer)
      for number in 1...2 as ClosedRange<UInt64> {
        let clip = try world.device.clip(number, to: [], objects: 7, count: 1000)
        #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/\(number)", clip).status == 201)
      }
      let other = try TestDevice(owner: world.owner)
      let otherPeer = try await peer.authenticated(other.key)
      #expect(try await otherPeer.put(other).status == 200)
      let clip = try other.clip(1, to: [], objects: 7, count: 1000)
      let answer = try await otherPeer.send(.put, "/v1/cameras/\(other.id.hex)/clips/1", clip)
      #expect(answer.status == 507)
      #expect(answer.code == "clips-full")
      #expect(answer.header("Retry-After") == "60")
      // What is stored stays, and the full camera itself goes on by its own oldest.
      let third = try world.device.clip(3, to: [], objects: 7, count: 1000)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/3", third).status == 201)
    }
  }

  @Test func thoseWhoMaySeeAClipHearOfIt() async throws {
    try await withRelay { peer in
      var world = try await TestWorld(peer)
      let watcher = try TestAccount()
      let watcherPeer = try await peer.joined(watcher)
      let grant = try world.device.grant(watcher, .all, by: world.owner, scope: .live, nonce: 9)
      try world.device.take(grant, world.owner, watcher)
      let owner = try await TestStream(world.ownerPeer, "/v1/events")
      let deaf = try await TestStream(watcherPeer, "/v1/events")
      #expect(try await owner.event() == "ready {}")
      #expect(try await deaf.event() == "ready {}")
      #expect(try await world.devicePeer.put(world.device).status == 200)
      #expect(try await owner.event()?.hasPrefix("roster") == true)
      #expect(try await deaf.event()?.hasPrefix("roster") == true)
      let clip = try world.device.clip(4, to: [world.owner])
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/4", clip).status == 201)
      let id = world.device.id.hex
      #expect(try await owner.event() == #"clip {"device":"\#(id)","number":4}"#)
      // The next thing that the other one hears is something else.
      #expect(try await world.putKeys(world.device.keys(epoch: 1, to: [world.owner, watcher]), epoch: 1).status == 200)
      #expect(try await deaf.event()?.hasPrefix("keys") == true)
    }
  }

  @Test func aClipThatIsTooOldIsGone() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      let device = try await withRelay(configuration) { peer in
        let world = try await TestWorld(peer)
        let clip = try world.device.clip(1, to: [world.owner])
        #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/1", clip).status == 201)
        return world.device
      }
      configuration.limits.clipDays = 0
      try await withRelay(configuration) { peer in
        let list = try await peer.authenticated(device.key).send(.get, "/v1/cameras/\(device.id.hex)/clips").json
        #expect((list["clips"] as? [Any])?.isEmpty == true)
        #expect((list["gone"] as? [[String: Any]])?.first?["reason"] as? String == "retention")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder)/clips/\(device.id.hex)").isEmpty)
      }
    }
  }

  @Test func aStartRemovesWhatWasNeverAcknowledgedAndKeepsTheRest() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      let started = configuration
      let (device, owner, clip) = try await withRelay(started) { peer in
        let world = try await TestWorld(peer)
        let clip = try world.device.clip(1, to: [world.owner])
        #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/1", clip).status == 201)
        return (world.device, world.owner, clip)
      }
      let orphans = ["\(folder)/clips/new/half", "\(folder)/clips/\(device.id.hex)/2-0011"]
      for path in orphans { #expect(FileManager.default.createFile(atPath: path, contents: Data([1]))) }
      try await withRelay(started) { peer in
        for path in orphans { #expect(!FileManager.default.fileExists(atPath: path)) }
        let ownerPeer = try await peer.authenticated(owner.key, account: owner)
        #expect(try await ownerPeer.send(.get, "/v1/cameras/\(device.id.hex)/clips/1").body == clip)
      }
    }
  }
}

@Suite struct ByteRangeTests {
  @Test(
    arguments: [
      (nil, .whole), ("bytes=0-4", .part(0..<5)), ("bytes=5-", .part(5..<10)), ("bytes=-3", .part(7..<10)),
      ("bytes=0-99", .part(0..<10)), ("bytes=-99", .part(0..<10)), ("bytes=10-", .unsatisfiable),
      ("bytes=-0", .unsatisfiable), ("bytes=4-2", .whole), ("bytes=1-2,4-5", .whole), ("bytes=-", .whole),
      ("items=0-4", .whole), ("bytes=+1-4", .whole), ("bytes=9999999999999999999-", .whole),
    ] as [(String?, ByteRange)])
  func aRangeIsReadAsTheStandardSays(_ header: String?, _ range: ByteRange) {
    #expect(ByteRange(header, count: 10) == range)
  }
}
