import Foundation
import PumpkiiChain
import PumpkiiRelay
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

@Suite struct RelayConnectionTests {
  @Test(arguments: [true, false]) func logsInAndAsks(plain: Bool) async throws {
    try await TestRelay.run(plain: plain) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      let roster = try await connection.get("/v1/cameras/\(device.id.hex)/roster")
      #expect(roster == EntryList.encode([device.genesis]))
      await connection.shutdown()
      await #expect(throws: TransportError(.shutDown, "")) {
        try await connection.get("/healthz", authenticated: false)
      }
    }
  }

  @Test func aProblemKeepsItsCode() async throws {
    try await TestRelay.run(plain: true) { relay in
      let connection = try RelayConnection(address: try await relay.address, signer: .device(SigningIdentity()))
      let id = String(repeating: "00", count: 16)
      let error = await #expect(throws: TransportError.self) { try await connection.get("/v1/cameras/\(id)/roster") }
      #expect(error?.code == .refused)
      #expect(error?.status == 404)
      #expect(error?.problem == "camera-unknown")
      #expect(error?.advice != nil)
      await connection.shutdown()
    }
  }

  @Test func anotherCertificateThanThePinnedOneIsRefused() async throws {
    try await TestRelay.run { relay in
      let right = try await relay.address
      let wrong = try RelayAddress(right.origin, pin: Hashes.sha256([1]))
      let connection = try RelayConnection(address: wrong, signer: .device(SigningIdentity()))
      await #expect(throws: TransportError(.pinMismatch, "")) { try await connection.get("/healthz") }
      // Without a pin the system's roots decide, and they do not know this relay.
      let unpinned = try RelayConnection(address: RelayAddress(right.origin), signer: .device(SigningIdentity()))
      await #expect(throws: TransportError(.certificate, "")) { try await unpinned.get("/healthz") }
      await connection.shutdown()
      await unpinned.shutdown()
    }
  }

  /// What people read names no library and no source file of the machine it was built on.
  @Test func whatGoesWrongIsSaidInOneLineWithAdvice() async throws {
    @Sendable func failure(_ address: RelayAddress) async -> TransportError? {
      await #expect(throws: TransportError.self) { try await RelayConnection.check(address) }
    }
    var seen: [TransportError?] = []
    seen += try await TestRelay.run { relay in
      let origin = try await relay.address.origin
      let plain = await failure(try RelayAddress(origin.replacingOccurrences(of: "https", with: "http")))
      #expect(plain?.code == .closed && plain?.advice?.contains("https://") == true)
      let unpinned = await failure(try RelayAddress(origin))
      #expect(unpinned?.code == .certificate && unpinned?.advice?.contains("--pin") == true)
      return [plain, unpinned]
    }
    seen += try await TestRelay.run(plain: true) { relay in
      let secure = try await relay.address.origin.replacingOccurrences(of: "http", with: "https")
      let (unpinned, pinned) = (try RelayAddress(secure), try RelayAddress(secure, pin: Hashes.sha256([1])))
      return [await failure(unpinned), await failure(pinned)]
    }
    #expect(seen.count == 4)
    for error in seen {
      let text = error?.description ?? ""
      #expect(error?.advice != nil && !text.contains("\n"), "\(text)")
      for word in ["NIO", "BoringSSL", "checkouts", "HTTPClient", ".swift", ".cc"] {
        #expect(!text.contains(word), "\(text)")
      }
    }
  }

  @Test func nobodyThere() async throws {
    let address = try await TestRelay.run(plain: true) { try await $0.address }
    let connection = try RelayConnection(address: address, signer: .device(SigningIdentity()))
    let error = await #expect(throws: TransportError.self) { try await connection.get("/healthz") }
    #expect(error?.code == .unreachable)
    #expect(error?.isTransient == true)
    await connection.shutdown()
  }

  /// A relay that started again knows no token: one silent retry with a new login.
  @Test func aForgottenTokenIsRenewed() async throws {
    let home = NSTemporaryDirectory() + "pumpkii-relay-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: home) }
    let device = try TestDevice()
    let (connection, port) = try await TestRelay.run(plain: true, home: home) { relay in
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      return (connection, await relay.server.port)
    }
    try await TestRelay.run(plain: true, home: home, port: port) { relay in
      _ = await relay.server.port
      let roster = try await connection.get("/v1/cameras/\(device.id.hex)/roster")
      #expect(roster == EntryList.encode([device.genesis]))
    }
    await connection.shutdown()
  }

  @Test func eventsBeginWithReady() async throws {
    try await TestRelay.run(plain: true) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      var events = connection.events().makeAsyncIterator()
      #expect(try await events.next() == .ready)
      #expect(try await events.next() == .wanted([]))
      await connection.shutdown()
      await #expect(throws: TransportError.self) { try await events.next() }
    }
  }

  @Test func cancellationEndsAStreamAtOnce() async throws {
    try await TestRelay.run(plain: true) { relay in
      let device = try TestDevice()
      let connection = try RelayConnection(address: try await relay.address, signer: .device(device.identity))
      try await device.arrive(connection)
      let follower = Task {
        var events = connection.events().makeAsyncIterator()
        while let event = try await events.next() { if event == .wanted([]) { break } }
        withExtendedLifetime(connection) {}
        return try await events.next()
      }
      follower.cancel()
      let error = await #expect(throws: TransportError.self) { try await follower.value }
      #expect(error?.code == .cancelled)
      await connection.shutdown()
    }
  }
}
