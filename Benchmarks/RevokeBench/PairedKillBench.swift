internal import Foundation
internal import PumpkiiAgent
internal import PumpkiiClient
internal import PumpkiiTransport

/// As ``KillBench``, with an owner who is elsewhere: the document comes through a relay, and the agent is killed at a random
/// instant of taking it. What was confirmed must hold; what was not comes at the next start, for the relay keeps it.
struct PairedKillBench: Sendable {
  /// How long an answer may be on its way after the kill.
  private static let patience = Duration.seconds(1)

  let board: BoardProgram
  /// Told after each kill.
  let progress: @Sendable (Int) -> Void

  func run(_ count: Int) async throws -> [KillBench.Trial] {
    try await BenchRelay.with(board.folder) { origin, pin in
      let owner = try await AccountHome(path: "\(board.folder)/owner").create(relay: origin, pin: pin).account
      do {
        let trials = try await run(count, try await pair(owner, RelayAddress(origin, pinText: pin)))
        await owner.close()
        return trials
      } catch {
        await owner.close()
        throw error
      }
    }
  }

  /// The agent's folder is this process's for this long, and the program's afterwards.
  private func pair(_ owner: Account, _ relay: RelayAddress) async throws -> CameraLink {
    let host = try PairingHost(home: AgentHome(board.home), relay: relay)
    async let paired = host.run()
    let camera = try await owner.pair(host.code)
    _ = try await paired
    return camera
  }

  private func run(_ count: Int, _ camera: CameraLink) async throws -> [KillBench.Trial] {
    var (model, length) = try await begin(camera)
    var trials: [KillBench.Trial] = []
    for number in 0..<count {
      let pause = Double.random(in: 0...1.2) * length
      let (changes, after) = Self.change(number, of: model)
      trials.append(try await kill(camera, changes, from: model, to: after, after: pause))
      model = after
      progress(number + 1)
    }
    return trials
  }

  /// The first policy, and the seconds that a change takes which nobody disturbs: the median of five.
  private func begin(_ camera: CameraLink) async throws -> (model: BoardModel, seconds: Double) {
    let agent = try board.startAgent()
    defer { board.kill(agent) }
    let all = Dictionary(uniqueKeysWithValues: BoardModel.flags.map { ($0, true) })
    guard try await confirms(camera, all, .seconds(20)) else { throw BenchError("the camera does not answer") }
    var model = BoardModel()
    model.version = try board.status().policyVersion
    var times: [Double] = []
    for number in 0..<5 {
      let (changes, after) = Self.change(number, of: model)
      let began = ContinuousClock.now
      guard try await confirms(camera, changes, .seconds(20)) else { throw BenchError("\(changes) was not answered") }
      times.append((ContinuousClock.now - began) / .seconds(1))
      model = after
    }
    return (model, times.sorted()[2])
  }

  private func kill(
    _ camera: CameraLink, _ changes: [String: Bool], from model: BoardModel, to after: BoardModel, after pause: Double
  ) async throws -> KillBench.Trial {
    let agent = try board.startAgent()
    defer { board.kill(agent) }
    try await settle(model)
    async let answer = confirms(camera, changes, Self.patience)
    try await Task.sleep(for: .seconds(pause))
    board.kill(agent)
    let wasAnswered = try await answer
    let (status, isVerified) = (try board.status(), try board.isVerified())
    let found = after.matches(status) ? "new" : model.matches(status) ? "old" : "other"
    let isRight = isVerified && (found == "new" || found == "old" && !wasAnswered)
    let words = changes.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value ? "allow" : "deny")" }
    return KillBench.Trial(
      change: words.joined(separator: " "), victim: "agent of a paired board", milliseconds: pause * 1000, found: found,
      wasAnswered: wasAnswered, isRight: isRight,
      detail: isRight ? "" : "from \(model) to \(after), ledgers \(isVerified ? "verify" : "do not verify")")
  }

  /// Waits until the agent has what the relay kept for it.
  private func settle(_ model: BoardModel) async throws {
    for _ in 0..<200 {
      if model.matches(try board.status()) { return }
      try await Task.sleep(for: .milliseconds(50))
    }
    throw BenchError("the agent came up and never took \(model)")
  }

  private func confirms(_ camera: CameraLink, _ changes: [String: Bool], _ patience: Duration) async throws -> Bool {
    try await camera.setPermissions(changes, waiting: patience).confirmation.isConfirmed
  }

  /// One change after the other, wider and narrower.
  private static func change(_ number: Int, of model: BoardModel) -> ([String: Bool], BoardModel) {
    let sets: [Set<String>] = [
      ["sensor.camera", "sensor.microphone"], ["record.local"], ["sensor.microphone"], Set(BoardModel.flags),
    ]
    let flags = sets[number % sets.count]
    let isAllowed = !flags.isSubset(of: model.allowed)
    var after = model
    after.version += 1
    after.allowed = isAllowed ? model.allowed.union(flags) : model.allowed.subtracting(flags)
    return (Dictionary(uniqueKeysWithValues: flags.map { ($0, isAllowed) }), after)
  }
}
