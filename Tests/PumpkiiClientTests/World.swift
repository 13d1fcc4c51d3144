import Foundation
import Logging
import PumpkiiClient
import PumpkiiRelay
import PumpkiiTransport
import ServiceLifecycle

/// A relay in this process, a folder for everybody's homes, and the camera of ``TestCamera``; all gone with the test.
struct World: Sendable {
  let folder: String
  let server: RelayServer
  let camera: TestCamera

  var relay: String {
    get async { "\(server.pin == nil ? "http" : "https")://127.0.0.1:\(await server.port)" }
  }

  func home(_ name: String) -> AccountHome { AccountHome(path: "\(folder)/\(name)") }

  func account(_ name: String) async throws -> Account {
    let made = try await home(name).create(relay: await relay, pin: server.pin)
    if let problem = made.announcementProblem { throw problem }
    return made.account
  }

  /// An owner with the camera paired and at the relay; the camera answers what it is asked from then on.
  func paired(_ body: (Account, CameraLink) async throws -> Void) async throws {
    let (owner, link) = try await pairedAndGone()
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { await camera.serve() }
      try await body(owner, link)
      group.cancelAll()
    }
    await owner.close()
  }

  /// An owner with the camera paired and at the relay once; it is not connected.
  func pairedAndGone() async throws -> (Account, CameraLink) {
    let owner = try await account("owner")
    async let host: Void = camera.pair()
    let link = try await owner.pair(camera.link, name: "porch")
    try await host
    try await camera.arrive()
    return (owner, link)
  }

  static func run(plain: Bool = true, _ body: @escaping @Sendable (World) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-client-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    _ = try RelayServer.initialize(home: "\(folder)/relay")
    var configuration = RelayConfiguration(home: "\(folder)/relay")
    configuration.plain = plain
    configuration.limits.heartbeat = .milliseconds(200)
    let server = try RelayServer(configuration: configuration)
    // Stopped, not cancelled: a cancelled server leaves connections that it accepted and never served.
    let services = ServiceGroup(services: [server], logger: Logger(label: "test-relay"))
    async let serving: Void = services.run()
    do {
      let origin = "\(plain ? "http" : "https")://127.0.0.1:\(await server.port)"
      let camera = try TestCamera(address: RelayAddress(origin, pinText: server.pin))
      try await body(World(folder: folder, server: server, camera: camera))
      await camera.close()
    } catch {
      await services.triggerGracefulShutdown()
      try? await serving
      throw error
    }
    await services.triggerGracefulShutdown()
    try await serving
  }
}
