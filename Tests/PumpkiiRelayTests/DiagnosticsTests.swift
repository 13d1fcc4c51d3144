import Foundation
import PumpkiiChain
import PumpkiiRelay
import PumpkiiWire
import Testing

extension TestAccount {
  /// A policy that allows some flags, under accepted texts unless they are withdrawn.
  func policy(_ version: UInt64, allowing flags: [String], accepting isAccepted: Bool = true) throws -> [UInt8] {
    let texts = AccountPolicyDocument.Text.Kind.allCases.map {
      AccountPolicyDocument.Text(kind: $0, version: 1, hash: Hashes.sha256([1]))
    }
    let names = flags + (isAccepted ? texts.map(\.kind.flag) : [])
    let body = AccountPolicyDocument(
      account: id, client: client, version: version, time: 1, settings: names.map { .init(flag: $0, allow: true) },
      texts: isAccepted ? texts : [])
    return try key.sign(.policy, body).bytes
  }
}

extension TestPeer {
  func reportCount() async throws -> Int? {
    (try await send(.get, "/v1/diagnostics").json["reports"] as? [Any])?.count
  }
}

@Suite(.timeLimit(.minutes(10))) struct DiagnosticsTests {
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

  @Test(arguments: [true, false])
  func whatOneProgramWithdrawsGoesFromAllOfTheAccount(accepting isAccepted: Bool) async throws {
    try await withRelay { peer in
      var account = try TestAccount()
      let second = TestKey()
      account.entries.append(try account.following(.add(.init(key: second.publicKey, kind: .program))))
      let own = try await peer.joined(account)
      let other = try await peer.authenticated(second, account: account)
      #expect(try await own.send(.put, account.policyPath, account.policy(1, allowing: Self.all)).status == 200)
      let (errors, operations) = (#"{"errors":{"relay-unreachable":2}}"#, #"{"operations":["pair"]}"#)
      for report in [errors, operations, Self.whole] {
        #expect(try await other.send(.post, "/v1/diagnostics", Array(report.utf8)).status == 204)
      }
      // One is allowed still, unless the texts are taken back: then none is.
      let next = try account.policy(2, allowing: ["diagnostics.operations"], accepting: isAccepted)
      #expect(try await own.send(.put, account.policyPath, next).status == 200)
      #expect(try await other.reportCount() == (isAccepted ? 1 : 0))
      #expect(try await other.send(.post, "/v1/diagnostics", Array(errors.utf8)).code == "diagnostics-not-allowed")
    }
  }

  @Test(arguments: ["policy", "narrow"])
  func whatAnOwnerTakesFromACameraGoesFromTheRelay(by way: String) async throws {
    try await withRelay { peer in
      let world = try await TestWorld(peer)
      var device = world.device
      let errors = Array(#"{"errors":{"relay-unreachable":2}}"#.utf8)
      func set(_ version: UInt64, _ flags: [String]) async throws {
        let document = try world.owner.key.sign(
          .policy,
          PolicyDocument(
            device: device.id, version: version, time: 1, account: world.owner.id, client: world.owner.client,
            settings: flags.map { .init(flag: $0, allow: true) })
        ).bytes
        #expect(try await world.ownerPeer.send(.put, "\(world.path)/policy", document).status == 200)
        let change = RosterOperation.Change.setPolicy(version: version, hash: Hashes.sha256(document))
        try device.take(device.operation(change, by: world.owner, nonce: UInt8(version)), world.owner)
        #expect(try await world.devicePeer.put(device).status == 200)
      }
      try await set(1, ["diagnostics.errors", "sensor.camera"])
      #expect(try await world.devicePeer.send(.post, "/v1/diagnostics", errors).status == 204)
      try await set(2, ["diagnostics.errors"])
      #expect(try await world.devicePeer.reportCount() == 1)
      if way == "policy" {
        try await set(3, ["sensor.camera"])
      } else {
        let narrowing = try device.operation(.narrow(flag: "diagnostics.errors"), by: world.owner, nonce: 9)
        #expect(try await world.ownerPeer.send(.post, "\(world.path)/operations", narrowing).status < 300)
      }
      #expect(try await world.devicePeer.reportCount() == 0)
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
