import Foundation
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

extension TestAccount {
  /// A policy that allows some flags.
  func policy(_ version: UInt64, allowing flags: [String]) throws -> [UInt8] {
    let body = AccountPolicyDocument(
      account: id, client: client, version: version, time: 1, settings: flags.map { .init(flag: $0, allow: true) },
      texts: [])
    return try key.sign(.policy, body).bytes
  }
}

@Suite(.timeLimit(.minutes(1))) struct DiagnosticsTests {
  static let whole = """
    {"environment":{"language":"de-AT","device_type":"raspberry-pi.4","os_version":"6.12.1"},
    "statistics":{"starts":3,"objects_sealed":9007199254740991},"operations":["watch","pair"],
    "errors":{"relay-unreachable":2},"crashes":{"agent-unclean-end":1}}
    """
  static let all = Diagnostics.Kind.allCases.map(\.flag)

  @Test func aReportComesBackAsItWasUnderstoodAndIsDeletedByItsSender() async throws {
    try await withRelay { peer in
      let (account, other) = (try TestAccount(), try TestAccount())
      let (own, stranger) = (try await peer.joined(account), try await peer.joined(other))
      #expect(try await own.send(.put, account.policyPath, account.policy(1, allowing: Self.all)).status == 200)
      #expect(try await own.send(.post, "/v1/diagnostics", Array(Self.whole.utf8)).status == 204)
      let held = try #require(try await own.send(.get, "/v1/diagnostics").json["reports"] as? [[String: Any]])
      #expect(held.count == 1)
      let report = try #require(held.first?["report"] as? NSDictionary)
      let sent = try #require(try JSONSerialization.jsonObject(with: Data(Self.whole.utf8)) as? [String: Any])
      #expect(report["errors"] as? NSDictionary == sent["errors"] as? NSDictionary)
      #expect(report["environment"] as? NSDictionary == sent["environment"] as? NSDictionary)
      #expect(report["statistics"] as? NSDictionary == sent["statistics"] as? NSDictionary)
      #expect(report["operations"] as? [String] == ["pair", "watch"])
      #expect((try await stranger.send(.get, "/v1/diagnostics").json["reports"] as? [Any])?.isEmpty == true)
      #expect(try await stranger.send(.delete, "/v1/diagnostics").status == 204)
      #expect((try await own.send(.get, "/v1/diagnostics").json["reports"] as? [Any])?.count == 1)
      #expect(try await own.send(.delete, "/v1/diagnostics").status == 204)
      #expect((try await own.send(.get, "/v1/diagnostics").json["reports"] as? [Any])?.isEmpty == true)
    }
  }

  @Test(arguments: [
    #"{"names":["ada"]}"#, #"{"environment":{"language":"de","name":"ada"}}"#,
    #"{"environment":{"language":"my name is ada"}}"#, #"{"environment":{"os_version":""}}"#,
    #"{"statistics":{"faces":1}}"#, #"{"statistics":{"starts":9007199254740992}}"#, #"{"operations":["look at ada"]}"#,
    #"{"errors":{"ada":1}}"#, #"{"errors":{"Relay-down":1}}"#, #"{"crashes":{"relay-":1}}"#,
  ])
  func whatIsNotInTheListsIsRefused(_ text: String) throws {
    let problem = #expect(throws: Problem.self) { try DiagnosticsReport(json: Array(text.utf8)) }
    #expect(problem?.code == "diagnostics-field")
  }

  @Test(arguments: [
    "", "[]", #"{"statistics":{"starts":-1}}"#, #"{"statistics":{"starts":"1"}}"#, #"{"operations":{}}"#, "{",
  ])
  func whatIsNoReportIsRefused(_ text: String) throws {
    let problem = #expect(throws: Problem.self) { try DiagnosticsReport(json: Array(text.utf8)) }
    #expect(problem?.code == "bad-json")
  }

  @Test func tooManyCodesAreRefused() throws {
    let codes = (0...Diagnostics.codes).map { #""code-\#($0)":1"# }.joined(separator: ",")
    #expect(throws: Problem.self) { try DiagnosticsReport(json: Array("{\"errors\":{\(codes)}}".utf8)) }
  }

  @Test func aKindThatNoPolicyAllowsIsNotTaken() async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      let errors = Array(#"{"errors":{"relay-unreachable":2}}"#.utf8)
      let both = Array(#"{"errors":{},"crashes":{"agent-unclean-end":1}}"#.utf8)
      #expect(try await world.guestPeer.send(.post, "/v1/diagnostics", errors).code == "diagnostics-not-allowed")
      let policy = try world.guest.policy(1, allowing: ["diagnostics.errors"])
      #expect(try await world.guestPeer.send(.put, world.guest.policyPath, policy).status == 200)
      #expect(try await world.guestPeer.send(.post, "/v1/diagnostics", errors).status == 204)
      #expect(try await world.guestPeer.send(.post, "/v1/diagnostics", both).code == "diagnostics-not-allowed")
      // A device's own are its owner's to allow, by the policy that its roster names.
      #expect(try await world.devicePeer.send(.post, "/v1/diagnostics", errors).code == "diagnostics-not-allowed")
      var device = world.device
      let document = try world.owner.key.sign(
        .policy,
        PolicyDocument(
          device: device.id, version: 1, time: 1, account: world.owner.id, client: world.owner.client,
          settings: [.init(flag: "diagnostics.errors", allow: true)])
      ).bytes
      #expect(try await world.ownerPeer.send(.put, "\(world.path)/policy", document).status == 200)
      #expect(try await world.devicePeer.send(.post, "/v1/diagnostics", errors).code == "diagnostics-not-allowed")
      let change = RosterOperation.Change.setPolicy(version: 1, hash: Hashes.sha256(document))
      try device.take(device.operation(change, by: world.owner, nonce: 7), world.owner)
      #expect(try await world.devicePeer.put(device).status == 200)
      #expect(try await world.devicePeer.send(.post, "/v1/diagnostics", errors).status == 204)
      #expect(try await world.devicePeer.send(.post, "/v1/diagnostics", both).code == "diagnostics-not-allowed")
    }
  }

  @Test func reportsComeSlowly() async throws {
    try await withRelay(limits { $0.diagnostics = .init(burst: 2, perSecond: 0.001) }) { peer in
      let account = try TestAccount()
      let own = try await peer.joined(account)
      #expect(try await own.send(.put, account.policyPath, account.policy(1, allowing: Self.all)).status == 200)
      for _ in 0..<2 { #expect(try await own.send(.post, "/v1/diagnostics", Array("{}".utf8)).status == 204) }
      #expect(try await own.send(.post, "/v1/diagnostics", Array("{}".utf8)).code == "rate-limited")
      let long = try await own.send(.post, "/v1/diagnostics", Array(repeating: 0x20, count: 17 << 10))
      #expect(long.code == "body-too-large")
    }
  }
}
