import Foundation
import NIOCore
import PumpkiiChain
import PumpkiiRelay
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

/// What a relay sees of a request besides what it asks for.
@Suite(.timeLimit(.minutes(10))) struct WireTests {
  /// Header fields that a request of ours may have.
  private static let known: Set<String> = [
    "host", "user-agent", "content-type", "content-length", "transfer-encoding", "accept", "authorization",
    "connection",
  ]

  @Test func everyRequestNamesTheSameProgramAndNothingOfThePerson() async throws {
    let tap = try await WireTap()
    let origin = "http://127.0.0.1:\(tap.port)"
    try await TestRelay.run(plain: true, origins: [origin]) { relay in
      tap.connect(to: await relay.server.port)
      let device = try TestDevice()
      let address = try RelayAddress(origin)
      let connection = try RelayConnection(address: address, signer: .device(device.identity))
      try await device.arrive(connection)
      _ = try await connection.get("/v1/cameras/\(device.id.hex)/roster")
      try await connection.send(.delete, "/v1/diagnostics")
      _ = try await connection.send(.post, "/v1/login/challenge", body: Array("{}".utf8), authenticated: false)
      var events = connection.events().makeAsyncIterator()
      let first = try await events.next()
      #expect(first == .ready)
      let uplink = try await connection.uplink(device: device.id)
      let signer = LoginSigner.client(device.owner, account: device.ownerChain.id)
      let viewer = try RelayConnection(address: address, signer: signer)
      var items = try await viewer.live(device: device.id, classes: .all).makeAsyncIterator()
      _ = try await items.next()
      try await upload(connection, device)
      withExtendedLifetime(uplink) {}
      await viewer.shutdown()
      await connection.shutdown()
    }
    let requests = tap.requests
    // Login twice with its challenges, chain, roster twice, delete, challenge, events, both ways of live, a clip.
    #expect(requests.count >= 12)
    for request in requests {
      var fields: [String: String] = [:]
      for line in request.dropFirst() where !line.isEmpty {
        let parts = line.split(separator: ":", maxSplits: 1)
        fields[parts[0].lowercased()] = parts.last?.trimmingCharacters(in: .whitespaces)
      }
      #expect(fields["user-agent"] == "pumpkii", "\(request[0])")
      #expect(Set(fields.keys).subtracting(Self.known).isEmpty, "\(request[0])")
    }
    try await tap.close()
  }

  /// A clip that the relay refuses; the request is what counts here.
  private func upload(_ connection: RelayConnection, _ device: TestDevice) async throws {
    let error = await #expect(throws: TransportError.self) {
      try await connection.send(
        .put, "/v1/cameras/\(device.id.hex)/clips/1", body: Array(repeating: 9, count: 8))
    }
    #expect(error?.problem == "wire-unknown-version")
  }
}
