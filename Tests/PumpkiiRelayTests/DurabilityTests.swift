import AsyncHTTPClient
import Foundation
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

/// The program beside the test bundle, as it was built with it.
private let program: String? = {
  let mine = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  let path = mine.deletingLastPathComponent().appendingPathComponent("pumpkii-relay").path
  return FileManager.default.isExecutableFile(atPath: path) ? path : nil
}()

/// A relay in a process of its own.
private final class RelayProcess {
  private let process = Process()
  let port: Int

  init(home: String, _ arguments: [String] = []) throws {
    process.executableURL = URL(fileURLWithPath: try #require(program))
    process.arguments = ["serve", "--home", home, "--plain", "--port-file", "\(home)/port"] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    // One line, once it listens.
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    #expect(line.hasPrefix("listening on http://127.0.0.1:"))
    port = try #require(Int(text("\(home)/port").trimmingCharacters(in: .newlines)))
  }

  /// A test that failed halfway leaves no process behind.
  deinit { if process.isRunning { process.terminate() } }

  /// Ends it by a signal and waits for the end.
  /// - Returns: the exit status, or the signal's number.
  func end(_ signal: Int32) -> Int32 {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }
}

@Suite(
  .enabled(if: program != nil, "pumpkii-relay has not been built beside the tests"), .timeLimit(.minutes(10)))
struct DurabilityTests {
  @Test func whatTheProgramMakesIsItsUsersAlone() async throws {
    try await withFolder { folder in
      let home = "\(folder)/home"
      try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: false)
      let relay = try RelayProcess(home: home)
      for name in try FileManager.default.contentsOfDirectory(atPath: home) {
        let mode = try FileManager.default.attributesOfItem(atPath: "\(home)/\(name)")[.posixPermissions] as? Int
        #expect(mode == (name == "clips" ? 0o700 : 0o600), "\(name)")
      }
      _ = relay.end(SIGTERM)
    }
  }

  @Test func theDatabaseIsItsOwnersAlone() async throws {
    try await withFolder { folder in
      let home = "\(folder)/home"
      try FileManager.default.createDirectory(
        atPath: home, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
      // One that an older relay left open to everybody.
      #expect(
        FileManager.default.createFile(
          atPath: "\(home)/relay.sqlite", contents: nil, attributes: [.posixPermissions: 0o644]))
      let store = try RelayStore(path: "\(home)/relay.sqlite")
      for name in ["relay.sqlite", "relay.sqlite-wal", "relay.sqlite-shm"] {
        let mode = try FileManager.default.attributesOfItem(atPath: "\(home)/\(name)")[.posixPermissions] as? Int
        #expect(mode == 0o600, "\(name)")
      }
      try store.close()
    }
  }

  @Test func whatWasAcknowledgedSurvivesAKill() async throws {
    try await withFolder { folder in
      let client = HTTPClient()
      var relay = try RelayProcess(home: folder)
      let world = try await TestWorld(TestPeer(client: client, lines: client, origin: "http://127.0.0.1:\(relay.port)"))
      let keys = try world.device.keys(epoch: 1, to: [world.owner])
      #expect(try await world.putKeys(keys, epoch: 1).status == 200)
      let target = try #require(world.device.roster.grants.keys.first)
      let revoke = try world.device.operation(.revoke(target), by: world.owner)
      #expect(try await world.ownerPeer.send(.post, "\(world.path)/operations", revoke).status == 202)
      let clip = try world.device.clip(1, to: [world.owner], objects: 20, count: 30_000)
      #expect(try await world.devicePeer.send(.put, "\(world.path)/clips/1", clip).status == 201)
      #expect(relay.end(SIGKILL) == SIGKILL)

      relay = try RelayProcess(home: folder)
      let peer = TestPeer(client: client, lines: client, origin: "http://127.0.0.1:\(relay.port)")
      let device = try await peer.authenticated(world.device.key)
      #expect(try await device.send(.get, "\(world.path)/operations").entries == [revoke])
      #expect(try await device.send(.get, "\(world.path)/roster").entries == world.device.roster.entries)
      #expect(try await device.send(.get, "\(world.path)/keys/1").body == keys.items)
      #expect(try await device.send(.get, "\(world.path)/clips/1").body == clip)
      let guest = try await peer.authenticated(world.guest.key, account: world.guest)
      #expect(try await guest.send(.get, "\(world.path)/live").code == "camera-no-rights")
      #expect(relay.end(SIGTERM) == 0)
      try await client.shutdown()
    }
  }

  @Test(arguments: [SIGTERM, SIGINT])
  func aSignalEndsItAtOnceThoughViewersWatchAndDoNotRead(_ signal: Int32) async throws {
    try await withFolder { folder in
      let client = HTTPClient()
      let relay = try RelayProcess(home: folder, ["--ledger", "\(folder)/ledger.jsonl"])
      let world = try await TestWorld(TestPeer(client: client, lines: client, origin: "http://127.0.0.1:\(relay.port)"))
      let uplink = try await TestUplink(world.devicePeer, "\(world.path)/live")
      uplink.send(try world.device.keys(epoch: 1, to: [world.owner, world.guest]).items)
      uplink.send(world.device.object(Track(.video), index: 0, .initialization))
      _ = try await uplink.answers.item()
      let stalled = try await TestStream(world.guestPeer, "\(world.path)/live")
      let events = try await TestStream(world.ownerPeer, "/v1/events")
      #expect(try await events.event() == "ready {}")
      for index in 1...200 as ClosedRange<UInt32> {
        uplink.send(world.device.object(Track(.video), index: index, .randomAccess, count: 60_000))
        _ = try await uplink.answers.item()
      }
      let start = ContinuousClock.now
      #expect(relay.end(signal) == 0)
      // Two seconds are promised, and it is all or nothing: the rest is for a machine that stands still.
      #expect(start.duration(to: .now) < .seconds(30))
      #expect(try text("\(folder)/ledger.jsonl").contains(#""event":"dropped""#))
      await events.drain()
      uplink.finish()
      withExtendedLifetime(stalled) {}
      try await client.shutdown()
    }
  }
}
