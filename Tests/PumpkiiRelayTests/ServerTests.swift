import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import PumpkiiChain
import PumpkiiRelay
import PumpkiiSystem
import PumpkiiWire
import Testing

@Suite struct IdentityTests {
  @Test func theCertificateIsARootThatNamesNobodyAndDoesNotRunOut() async throws {
    try await withFolder { folder in
      let home = "\(folder)/relay"
      let pin = try RelayServer.initialize(home: home)
      #expect(try RelayServer.initialize(home: home) == pin)
      let certificate = try NIOSSLCertificate.fromPEMFile("\(home)/relay.crt")[0]
      #expect(certificate.notValidBefore == 978_307_200)
      #expect(certificate.notValidAfter == 253_402_300_799)
      let der = try certificate.toDERBytes()
      // Critical basic constraints with CA:TRUE; critical key usage with digital signature and certificate signing.
      #expect(der.contains([0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xff]))
      #expect(der.contains([0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff, 0x04, 0x04, 0x03, 0x02, 0x02, 0x84]))
      #expect(Hashes.sha256(der).hex == pin)
      let mode = try FileManager.default.attributesOfItem(atPath: "\(home)/relay.key")[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }

  @Test func withoutACertificateNothingStarts() async throws {
    try await withFolder { folder in
      let configuration = RelayConfiguration(home: folder)
      _ = #expect(throws: RelayError(.certificate, "")) { try RelayServer(configuration: configuration) }
    }
  }
}

/// One relay a home, and one program a port: said in a sentence, with what to do.
@Suite(.timeLimit(.minutes(10))) struct SingleRelayTests {
  @Test func aSecondRelayOnOneHomeDoesNotStart() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      let settings = configuration
      let detail = try await withRelay(settings) { _ in
        let second = try RelayServer(configuration: settings)
        return await #expect(throws: RelayError(.home, "")) { try await second.run() }?.detail
      }
      #expect(detail?.contains("--home") == true)
      // With the first one's end it is free.
      try await withRelay(settings) { _ in }
    }
  }

  @Test func aPortThatIsInUseIsSaidInWords() async throws {
    try await withFolder { folder in
      let taken = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .bind(host: "127.0.0.1", port: 0).get()
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      configuration.port = taken.localAddress?.port ?? 0
      let server = try RelayServer(configuration: configuration)
      let error = await #expect(throws: RelayError(.address, "")) { try await server.run() }
      #expect(error?.detail.contains("in use") == true && error?.detail.contains("--listen") == true)
      #expect(error?.detail.contains("descriptor") == false)
      try await taken.close()
    }
  }
}

@Suite struct ConfigurationTests {
  @Test(arguments: ["0.0.0.0", "192.168.1.2", "relay.example", "::", "127.0.0.1.example", "128.0.0.1"])
  func plainHTTPIsRefusedBeyondLoopback(_ host: String) {
    var configuration = RelayConfiguration(home: "/nowhere")
    (configuration.plain, configuration.host) = (true, host)
    #expect(throws: RelayError(.notLoopback, "")) { try configuration.validate() }
    configuration.plain = false
    #expect(throws: Never.self) { try configuration.validate() }
  }

  @Test func fileEnvironmentAndDefaultsInTheirOrder() async throws {
    try await withFolder { folder in
      try write(
        """
        listen: '[::1]:8443'
        origins: ['https://relay.example']
        limits:
          heartbeat: 2s
          unauthenticated: {burst: 7}

        """,
        "\(folder)/relay.yaml")
      let configuration = try RelayConfiguration.read(
        home: folder, environment: ["PUMPKII_RELAY_LEDGER": "/tmp/l", "PUMPKII_RELAY_LOG_LEVEL": "debug"])
      #expect(configuration.host == "::1" && configuration.port == 8443)
      #expect(configuration.origins == ["https://relay.example"])
      #expect(configuration.limits.heartbeat == .seconds(2))
      #expect(configuration.limits.unauthenticated == .init(burst: 7, perSecond: 20))
      #expect(configuration.limits.accounts == 100_000)
      #expect(configuration.ledger == "/tmp/l" && configuration.logLevel == .debug)
    }
  }

  @Test func everyProblemOfAFileIsNamedByLineAndKey() async throws {
    try await withFolder { folder in
      try write("listn: x\nplain: maybe\nlimits:\n  accounts: 0\n", "\(folder)/relay.yaml")
      let error = #expect(throws: RelayError.self) { try RelayConfiguration.read(home: folder) }
      let lines = error?.detail.split(separator: "\n") ?? []
      #expect(lines.count == 3)
      #expect(lines.first?.contains("relay.yaml:1:1: listn: unknown key; did you mean 'listen'?") == true)
      #expect(lines.last?.contains("limits.accounts") == true)
    }
  }

  @Test func listenIsHostAndPort() {
    var configuration = RelayConfiguration(home: "/nowhere")
    for bad in ["8443", "host:", ":80", "host:70000", "host:-1", ""] {
      #expect(throws: RelayError(.configuration, ""), "\(bad)") { try configuration.setListen(bad) }
    }
  }

  @Test func queuesMustHoldTheLargestObject() {
    var configuration = RelayConfiguration(home: "/nowhere")
    configuration.limits.viewerHardBytes = 1 << 20
    #expect(throws: RelayError(.configuration, "")) { try configuration.validate() }
  }

  private func write(_ text: String, _ path: String) throws { try DurableFile.write(Array(text.utf8), to: path) }
}

@Suite(.timeLimit(.minutes(10))) struct ServerTests {
  @Test func tlsCarriesHTTP2AndTheLoginNamesThePin() async throws {
    try await withFolder { folder in
      let pin = try RelayServer.initialize(home: folder)
      try await withRelay(RelayConfiguration(home: folder)) { peer in
        let response = try await peer.client.execute(peer.request(.get, "/healthz"), timeout: .seconds(120))
        #expect(response.version == .http2)
        let account = try TestAccount()
        _ = try await peer.joined(account)
        let statement = try peer.statement(account.key, await peer.challenge(), relay: .pin(Digest(hex: pin)))
        #expect(try await peer.logIn(account.key, account: account, statement: statement).status == 200)
        let world = try await TestWorld(peer)
        let uplink = try await TestUplink(world.devicePeer, "\(world.path)/live")
        uplink.send(try world.device.keys(epoch: 1, to: [world.owner, world.guest]).items)
        uplink.send(world.device.object(Track(.video), index: 0, .initialization))
        #expect(try await uplink.answers.item()?.kind == .acknowledgement)
        let viewer = try await TestStream(world.guestPeer, "\(world.path)/live")
        #expect(try await viewer.item()?.kind == .keyHead)
        uplink.finish()
      }
    }
  }

  @Test func olderTLSIsRefused() async throws {
    try await withFolder { folder in
      _ = try RelayServer.initialize(home: folder)
      try await withRelay(RelayConfiguration(home: folder)) { peer in
        var settings = HTTPClient.Configuration()
        var tls = TLSConfiguration.makeClientConfiguration()
        tls.certificateVerification = .none
        tls.maximumTLSVersion = .tlsv12
        settings.tlsConfiguration = tls
        settings.timeout.connect = .seconds(2)
        let old = HTTPClient(configuration: settings)
        await #expect(throws: (any Error).self) {
          try await old.execute(peer.request(.get, "/healthz"), timeout: .seconds(3))
        }
        try await old.shutdown()
      }
    }
  }

  @Test func aConnectionThatSaysNothingIsClosed() async throws {
    try await withFolder { folder in
      _ = try RelayServer.initialize(home: folder)
      var configuration = RelayConfiguration(home: folder)
      configuration.limits.handshakeTimeout = .milliseconds(100)
      try await withRelay(configuration) { peer in
        try await Self.silence(peer, saying: "").closeFuture.get()
        // The first bytes of a TLS record, and no more.
        try await Self.silence(peer, saying: "\u{16}\u{03}\u{01}").closeFuture.get()
      }
    }
  }

  @Test(arguments: [
    "", "GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: a",
    "POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
  ])
  func aRequestThatStopsHalfwayIsClosed(_ start: String) async throws {
    try await withRelay(limits { $0.idleTimeout = .milliseconds(200) }) { peer in
      try await Self.silence(peer, saying: start).closeFuture.get()
    }
  }

  @Test func aConnectionWithoutAHandshakeDoesNotHoldUpTheEnd() async throws {
    try await withFolder { folder in
      _ = try RelayServer.initialize(home: folder)
      var configuration = RelayConfiguration(home: folder)
      configuration.limits.handshakeTimeout = .seconds(60)
      let channel = try await withRelay(configuration) { try await Self.silence($0, saying: "") }
      try await channel.closeFuture.get()
    }
  }

  /// A bare connection that says `start` and then nothing.
  private static func silence(_ peer: TestPeer, saying start: String) async throws -> any Channel {
    let port = try #require(Int(peer.origin.split(separator: ":").last ?? ""))
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: "127.0.0.1", port: port).get()
    // On a busy machine the relay may have closed it already.
    try? await channel.writeAndFlush(ByteBuffer(string: start)).get()
    return channel
  }

  @Test func theDatabaseSyncsEveryCommit() async throws {
    try await withFolder { folder in
      let store = try RelayStore(path: "\(folder)/relay.sqlite")
      #expect(try await store.synchronousLevel() == 2)
      try store.close()
    }
  }

  @Test func whatIsStoredSurvivesARestart() async throws {
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      let settings = configuration
      let (world, keys) = try await withRelay(settings) { peer in
        let world = try await TestWorld(peer)
        let keys = try world.device.keys(epoch: 4, to: [world.owner, world.guest])
        _ = try await world.putKeys(keys, epoch: 4)
        return (world, keys)
      }
      try await withRelay(settings) { peer in
        let owner = try await peer.authenticated(world.owner.key, account: world.owner)
        #expect(try await owner.send(.get, "\(world.path)/roster").entries == world.device.roster.entries)
        #expect(try await owner.send(.get, "\(world.path)/keys/newest").body == keys.items)
        let viewer = try await TestStream(owner, "\(world.path)/live")
        #expect(try await viewer.item() == .control(.keyHead, keys.head))
        // A token of the relay before means nothing.
        var old = peer
        old.token = world.ownerPeer.token
        #expect(try await old.send(.get, "/v1/cameras").code == "token")
      }
    }
  }

  @Test func aStalledViewerCostsThePublisherAndTheOthersNothing() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let uplink = try await TestUplink(world.devicePeer, "\(world.path)/live")
      uplink.send(try world.device.keys(epoch: 1, to: [world.owner, world.guest]).items)
      uplink.send(world.device.object(Track(.video), index: 0, .initialization))
      _ = try await uplink.answers.item()
      let stalled = try await TestStream(world.guestPeer, "\(world.path)/live")
      let healthy = try await TestStream(world.ownerPeer, "\(world.path)/live")
      let last: UInt32 = 400
      var seen = 0
      for index in 1...last {
        let isFirst = index % 10 == 1
        uplink.send(world.device.object(Track(.video), index: index, isFirst ? .randomAccess : [], count: 60_000))
        #expect(try await uplink.answers.item()?.kind == .acknowledgement)
        while true {
          guard case .object(let header, _) = try await healthy.item() else { continue }
          seen += 1
          if header.index == index { break }
        }
      }
      #expect(seen == Int(last) + 1)
      uplink.send(world.device.object(Track(.video), index: last + 1, .endOfSegment))
      var (received, lost, previous) = (0, 0, -1)
      while let item = try await stalled.item() {
        if case .control(.loss, let body) = item { lost += body.suffix(4).reduce(0) { $0 << 8 | Int($1) } }
        guard case .object(let header, _) = item else { continue }
        received += 1
        let (index, isNext) = (Int(header.index), Int(header.index) == previous + 1)
        #expect(isNext || header.flags.contains(.randomAccess) || header.flags.contains(.endOfSegment))
        previous = index
        if header.flags.contains(.endOfSegment) { break }
      }
      #expect(lost > 0)
      #expect(received + lost == Int(last) + 2)
      uplink.finish()
    }
  }

  @Test func theDescriptionNamesExactlyTheResources() async throws {
    let described = try describedResources()
    try await withFolder { folder in
      var configuration = RelayConfiguration(home: folder)
      configuration.plain = true
      let resources = try RelayServer(configuration: configuration).resources()
      #expect(Set(resources) == described)
      #expect(resources.count == described.count)
    }
  }

  private func describedResources() throws -> Set<String> {
    var (path, found) = ("", Set<String>())
    for line in try text("\(repositoryRoot)/docs/api/openapi.yaml").split(separator: "\n") {
      if line.hasPrefix("  /"), line.hasSuffix(":") { path = line.dropFirst(2).dropLast().description }
      let name = line.trimmingCharacters(in: .whitespaces)
      if line.hasPrefix("    "), !line.hasPrefix("     "), ["get:", "put:", "post:", "delete:"].contains(name) {
        found.insert("\(name.dropLast().uppercased()) \(path)")
      }
    }
    return found
  }
}
