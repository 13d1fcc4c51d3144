import Foundation
import Logging
import PumpkiiChain
import PumpkiiRelay
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import ServiceLifecycle

/// A real relay in this process, in a folder that goes with the test.
struct TestRelay: Sendable {
  let home: String
  let server: RelayServer

  var address: RelayAddress {
    get async throws {
      let scheme = server.pin == nil ? "http" : "https"
      return try RelayAddress("\(scheme)://127.0.0.1:\(await server.port)", pinText: server.pin)
    }
  }

  /// Runs `body` beside a relay and ends the relay then.
  static func run<Result: Sendable>(
    plain: Bool = false, home: String? = nil, port: Int = 0, origins: [String] = [],
    _ body: @escaping @Sendable (TestRelay) async throws -> Result
  ) async throws -> Result {
    let folder = home ?? NSTemporaryDirectory() + "pumpkii-relay-\(UUID().uuidString)"
    defer { if home == nil { try? FileManager.default.removeItem(atPath: folder) } }
    _ = try RelayServer.initialize(home: folder)
    var configuration = RelayConfiguration(home: folder)
    configuration.plain = plain
    configuration.port = port
    configuration.origins = origins
    let server = try RelayServer(configuration: configuration)
    // Stopped, not cancelled: a cancelled server leaves connections that it accepted and never served.
    let services = ServiceGroup(services: [server], logger: Logger(label: "test-relay"))
    async let serving: Void = services.run()
    do {
      let result = try await body(TestRelay(home: folder, server: server))
      await services.triggerGracefulShutdown()
      try await serving
      return result
    } catch {
      await services.triggerGracefulShutdown()
      try? await serving
      throw error
    }
  }
}

/// What a paired camera puts at a relay: itself as its only entry, owned by an account that is nowhere else.
struct TestDevice: Sendable {
  let identity = SigningIdentity()
  let owner = SigningIdentity()
  let ownerChain: AccountChain
  var id: DeviceID { DeviceID(of: identity.publicKey) }

  init() throws {
    let recovery = RecoverySeed()
    let body = AccountEntry(
      version: 1, previous: .zero, time: 1,
      change: .genesis(AccountEntry.Client(key: owner.publicKey, kind: .program), recovery.recovery))
    let signers = [owner, recovery.signing].map {
      SignedAccountEntry.Signer(key: $0.publicKey, signature: $0.sign(.account, body.encoded))
    }
    ownerChain = try AccountChain(entries: [SignedAccountEntry(body: body, signers: signers).bytes])
  }

  var genesis: [UInt8] {
    identity.sign(
      RosterGenesis(
        device: id, deviceKey: identity.publicKey, owner: ownerChain.id, ownerVersion: 1, ownerHead: ownerChain.head),
      .roster
    ).bytes
  }

  /// Announces owner and roster.
  func arrive(_ connection: RelayConnection) async throws {
    try await connection.send(
      .post, "/v1/accounts/\(ownerChain.id.hex)/chain", body: EntryList.encode(ownerChain.entries),
      authenticated: false)
    try await connection.send(.put, "/v1/cameras/\(id.hex)/roster", body: EntryList.encode([genesis]))
  }
}
