import Foundation
import Logging
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiChain
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiVault
import PumpkiiWire
import Testing

/// The agent as a whole, with a microphone and nothing else, on a board of its own.
@Suite(.serialized, .timeLimit(.minutes(10))) struct AgentTests {
  private static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

  /// A person's own flag stands in the person's own policy.
  private func house(notices: Bool) async throws -> Household {
    let house = try Household(isAudited: true)
    let texts = [
      AccountPolicyDocument.Text(kind: .terms, version: Texts.terms.number, hash: try Digest(hex: Texts.terms.hash)),
      AccountPolicyDocument.Text(kind: .risk, version: 1, hash: try Digest(hex: Texts.riskHash)),
    ]
    let settings = ["notify.system": notices, "risk.acknowledged": true, "terms.accepted": true]
      .sorted { $0.key < $1.key }.map { PolicyDocument.Setting(flag: $0, allow: $1) }
    let document = house.owner.client.sign(
      AccountPolicyDocument(
        account: house.owner.chain.id, client: house.owner.clientID, version: 1, time: 1, settings: settings,
        texts: texts), .policy)
    try await house.keeper.take(policy: document.bytes, of: house.owner.chain.id)
    try await house.allow([.sensorMicrophone, .detectSound], version: 1)
    return house
  }

  private func agent(
    _ home: AgentHome, _ microphone: TracedMicrophone, _ change: (inout Agent.Parts) -> Void
  ) throws -> Agent {
    var parts = Agent.Parts(
      home: home, relay: nil, camera: nil, microphone: microphone, configuration: AgentConfiguration(),
      logger: Self.quiet)
    change(&parts)
    return try Agent(parts)
  }

  /// Runs an agent until `isDone`, and ends it.
  private func run(_ agent: Agent, until isDone: @escaping @Sendable () async -> Bool) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await agent.run() }
      tasks.addTask { while await !isDone(), !Task.isCancelled { await Task.yield() } }
      try await tasks.next()
      tasks.cancelAll()
      while let _ = try? await tasks.next() {}
    }
  }

  @Test func `a port in use ends the agent before it opens a sensor, in one line with advice`() async throws {
    let house = try await house(notices: false)
    let home = house.home
    try await PreviewHarness.run { taken in
      for key in ["preview", "metrics"] {
        let trace = Trace()
        let place = PreviewSettings(host: "127.0.0.1", port: taken.port)
        let agent = try agent(home, TracedMicrophone(trace: trace)) { parts in
          if key == "preview" { parts.configuration.preview = place } else { parts.configuration.metrics = place }
        }
        let error = await #expect(throws: AgentError.self) { try await agent.run() }
        #expect(error?.reason == "the \(key) cannot listen on 127.0.0.1:\(taken.port): another program uses that port")
        #expect(error?.advice.contains("\(key).listen") == true)
        #expect(trace.all.isEmpty)
      }
    }
    // The same, with a port that is free.
    let trace = Trace()
    let free = try agent(home, TracedMicrophone(trace: trace)) { $0.configuration.preview.host = "127.0.0.1" }
    try await run(free) { trace.all.contains("open") }
    #expect(trace.all.contains("open"))
    withExtendedLifetime(house) {}
  }

  @Test(arguments: [
    (true, Set<Notice>([.sensor, .failure])), (true, Set([.motion])), (false, Set([.sensor, .failure])),
  ])
  func `an opened sensor is told of where its kind and notify.system allow`(isAllowed: Bool, kinds: Set<Notice>)
    async throws
  {
    let house = try await house(notices: isAllowed)
    let home = house.home
    let folder = "\(house.folder)/bin"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let program = "#!/bin/sh\necho \"$*\" >> \(folder)/shown\n"
    #expect(
      FileManager.default.createFile(
        atPath: "\(folder)/notify-send", contents: Data(program.utf8), attributes: [.posixPermissions: 0o755]))
    let trace = Trace()
    let agent = try agent(home, TracedMicrophone(trace: trace)) { parts in
      parts.configuration.notices = kinds
      parts.noticeFolders = [folder]
    }
    let board = Board(folder: house.folder)
    let isShown = isAllowed && kinds.contains(.sensor)
    try await run(agent) {
      guard trace.all.contains("open") else { return false }
      // The program's file is there before its line is.
      if isShown {
        return (try? String(contentsOfFile: "\(folder)/shown", encoding: .utf8))?.contains("opened.") == true
      }
      guard case .status(let status)? = try? await board.ask(.status) else { return false }
      return isAllowed || status.denied["notify.system"] == 1
    }
    let shown = (try? String(contentsOfFile: "\(folder)/shown", encoding: .utf8)) ?? ""
    #expect(shown.contains("The camera or the microphone was opened.") == isShown)
    withExtendedLifetime(house) {}
  }

  @Test func `a camera that is not there is said so, in status and explanation`() async throws {
    let house = try await house(notices: false)
    let home = house.home
    let trace = Trace()
    let agent = try agent(home, TracedMicrophone(trace: trace)) { _ in }
    let board = Board(folder: house.folder)
    let said = Trace()
    try await run(agent) {
      guard trace.all.contains("open"),
        case .explained(let answers)? = try? await board.ask(.explain(subject: "sensor.camera", account: nil, at: nil)),
        case .status(let status)? = try? await board.ask(.status)
      else { return false }
      for answer in answers { said.add(answer.reason) }
      for flag in status.flags where flag.flag == "sensor.camera" { said.add("layer \(flag.layer ?? "")") }
      return true
    }
    #expect(said.all.contains("layer hardware"))
    #expect(said.all.filter { !$0.hasPrefix("layer") }.allSatisfy { $0.contains("no camera is there") })
    withExtendedLifetime(house) {}
  }
}
