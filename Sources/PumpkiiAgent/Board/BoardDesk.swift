package import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

/// Answers what is asked on the board, by the running agent's socket or on a folder whose agent does not run. It decides
/// nothing: the keeper does, and says why not.
package struct BoardDesk: Sendable {
  private let keeper: RosterKeeper
  private let gate: Gate
  /// Adds what else there is to say: sensors, counters.
  private let describe: @Sendable (inout BoardStatus) -> Void
  /// Records a clip; false where nothing records.
  private let record: @Sendable () -> Bool
  /// The fingerprint of the sensor that is there now.
  private let fingerprint: @Sendable (Flag) -> String?

  package init(
    keeper: RosterKeeper, gate: Gate, describe: @escaping @Sendable (inout BoardStatus) -> Void = { _ in },
    record: @escaping @Sendable () -> Bool = { false },
    fingerprint: @escaping @Sendable (Flag) -> String? = { _ in nil }
  ) {
    self.keeper = keeper
    self.gate = gate
    self.describe = describe
    self.record = record
    self.fingerprint = fingerprint
  }

  /// Does what is asked; what fails is the answer, in two lines.
  package func answer(_ request: BoardRequest) async -> BoardAnswer {
    do throws(AgentError) {
      switch request {
      case .status: return .status(await status())
      case .narrow(let name): try await keeper.narrowOnBoard(Self.flag(name))
      case .restore(let name): try await keeper.restoreOnBoard(Self.flag(name))
      case .pause: try await keeper.pauseOnBoard()
      case .resume: try await keeper.resumeOnBoard()
      case .set(let changes): try await set(changes)
      case .confirm(let sensor): try await confirm(sensor)
      case .schedule(let windows, let zone): try await schedule(windows, zone)
      case .explain(let subject, let account, let time):
        return .explained(try await explain(subject, account: account, at: time))
      case .record:
        guard record() else {
          throw AgentError(
            .policy, "nothing is recorded now",
            advice: "Start the agent and allow record.local; `pumpkii explain E6` says why not.")
        }
      }
      return .done
    } catch {
      return .failed(code: error.code.rawValue, reason: error.reason, advice: error.advice)
    }
  }

  static func flag(_ name: String) throws(AgentError) -> Flag {
    if let flag = Flag(rawValue: name) { return flag }
    let names = Flag.allCases.map(\.rawValue).joined(separator: ", ")
    throw AgentError(.policy, "there is no flag \(name)", advice: "The flags are \(names).")
  }

  private func set(_ changes: [String: Bool]) async throws(AgentError) {
    for name in changes.keys { _ = try Self.flag(name) }
    try await keeper.setLocally { flags, _ in flags.merge(changes) { $1 } }
  }

  private func schedule(_ windows: [BoardWindow], _ zone: String) async throws(AgentError) {
    var made: [PolicyConditions.Window] = []
    for window in windows { made.append(try window.condition()) }
    guard windows.isEmpty || ZoneDirectory.rules(named: zone) != nil else {
      throw AgentError(
        .policy, "this board knows no time zone \(zone)",
        advice: "Name one as Europe/Berlin; `timedatectl list-timezones` lists them, and apt install tzdata brings them.")
    }
    let lines = made
    try await keeper.setLocally { _, conditions in
      conditions.windows = lines
      conditions.zone = lines.isEmpty ? "" : zone
    }
  }

  private func confirm(_ sensor: String) async throws(AgentError) {
    let flags: [String: Flag] = ["camera": .sensorCamera, "microphone": .sensorMicrophone]
    guard let flag = flags[sensor], let print = fingerprint(flag) else {
      throw AgentError(
        .policy, "there is no \(sensor) to confirm", advice: "Name camera or microphone, and plug it in.")
    }
    try await keeper.confirmLocally(flag, fingerprint: print)
  }

  private func status() async -> BoardStatus {
    var status = BoardStatus()
    await keeper.describe(into: &status)
    let now = Clocks.unixMicroseconds()
    let facts = gate.facts
    status.policyVersion = facts.owner?.version ?? 0
    status.policyHash = facts.owner?.hash ?? ""
    status.pausedBy = facts.owner?.paused?.rawValue
    status.flags = Flag.allCases.map { flag in
      let decision = decide(Request(point: flag.points.first ?? .seal, flag: flag), facts: facts, now: now)
      return BoardStatus.FlagState(
        flag: flag.rawValue, isAllowed: decision.allowed, layer: decision.layer?.rawValue, changesAt: decision.changesAt
      )
    }

    let allowed = Set(status.flags.filter(\.isAllowed).compactMap { Flag(rawValue: $0.flag) })
    status.mode = Mode.of(allowed)?.rawValue ?? "custom"
    describe(&status)
    return status
  }

  /// Each decision that the subject names: a flag at its points, or a point for its flags.
  private func explain(_ subject: String, account: String?, at time: UInt64?) async throws(AgentError)
    -> [ExplainedDecision]
  {
    let now = time ?? Clocks.unixMicroseconds()
    var facts = gate.facts
    facts.grant = await keeper.grant(of: account, at: now)
    let requests = Request.all(about: subject, account: account)
    guard !requests.isEmpty else {
      throw AgentError(
        .policy, "there is no flag and no point \(subject)",
        advice: "Name a flag as sensor.camera or a point as E3; `pumpkii policy clauses` lists both.")
    }
    return requests.map { ExplainedDecision(assess($0, facts: facts, now: now)) }
  }
}
