package import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

/// Answers what is asked on the board, by the running agent's socket or on a folder whose agent does not run. It decides
/// nothing: the keeper does, and says why not.
package struct BoardDesk: Sendable {
  /// How long somebody may wish a clip to be.
  package static let clipSeconds = 1...3600
  private let keeper: RosterKeeper
  private let gate: Gate
  /// Adds what else there is to say: sensors, counters.
  private let describe: @Sendable (inout BoardStatus) -> Void
  /// Records a clip for so many ns, or the post-roll; nil where no agent runs.
  private let record: (@Sendable (UInt64?) -> Recorder.Wish)?
  /// What the device says of its clips. Blocks.
  private let clips: @Sendable () throws(AgentError) -> ClipListing
  /// Lets clips go to the relay; all of them without numbers. Blocks.
  private let release: @Sendable ([UInt64]?) throws(AgentError) -> Void
  /// The fingerprint of the sensor that is there now.
  private let fingerprint: @Sendable (Flag) -> String?

  package init(
    keeper: RosterKeeper, gate: Gate, describe: @escaping @Sendable (inout BoardStatus) -> Void = { _ in },
    record: (@Sendable (UInt64?) -> Recorder.Wish)? = nil,
    clips: @escaping @Sendable () throws(AgentError) -> ClipListing = { () throws(AgentError) in ClipListing() },
    upload: @escaping @Sendable ([UInt64]?) throws(AgentError) -> Void = { (_) throws(AgentError) in
      throw AgentError(.policy, "no agent runs on this folder", advice: "Start it; it is what uploads clips.")
    },
    fingerprint: @escaping @Sendable (Flag) -> String? = { _ in nil }
  ) {
    self.keeper = keeper
    self.gate = gate
    self.describe = describe
    self.record = record
    self.clips = clips
    self.release = upload
    self.fingerprint = fingerprint
  }

  /// Does what is asked; what fails is the answer, in two lines.
  package func answer(_ request: BoardRequest) async -> BoardAnswer {
    do throws(AgentError) {
      switch request {
      case .status: return .status(await status())
      case .explain(let subject, let account, let time):
        return .explained(try await explain(subject, account: account, at: time))
      case .clips: return .clips(try await Self.blocking(clips))
      default: return .done(try await change(request))
      }
    } catch {
      return .failed(code: error.code.rawValue, reason: error.reason, advice: error.advice)
    }
  }

  /// Does what changes something.
  /// - Returns: what came of it, and what denies all the same what was to be allowed.
  private func change(_ request: BoardRequest) async throws(AgentError) -> BoardOutcome {
    switch request {
    case .narrow(let name): return outcome(try await keeper.narrowOnBoard(Self.flag(name)))
    case .restore(let name):
      let flag = try Self.flag(name)
      return outcome(try await keeper.restoreOnBoard(flag), wanted: [flag])
    case .pause: return outcome(try await keeper.pauseOnBoard())
    case .resume: return outcome(try await keeper.resumeOnBoard())
    case .set(let changes):
      try await set(changes)
      return outcome(true, wanted: Set(changes.filter(\.value).keys.compactMap(Flag.init(rawValue:))))
    case .confirm(let sensor): try await confirm(sensor)
    case .schedule(let windows, let zone): try await schedule(windows, zone)
    case .erase(let account): try await keeper.eraseFromLedgers(account)
    case .record(let seconds): return BoardOutcome(wish: try wish(for: seconds))
    case .upload(let numbers):
      let release = release
      try await Self.blocking { () throws(AgentError) in try release(numbers) }
    case .status, .explain, .clips: break
    }
    return outcome(true)
  }

  private func outcome(_ isChanged: Bool, wanted: Set<Flag> = []) -> BoardOutcome {
    BoardOutcome(isChanged: isChanged, wanted: wanted, facts: gate.facts, now: Clocks.unixMicroseconds())
  }

  private func wish(for seconds: Int?) throws(AgentError) -> BoardOutcome.Wish? {
    if let seconds, !Self.clipSeconds.contains(seconds) {
      throw AgentError(
        .policy, "a clip cannot be \(seconds) seconds long",
        advice: "Ask for \(Self.clipSeconds.lowerBound) to \(Self.clipSeconds.upperBound) seconds.")
    }
    guard let record else {
      throw AgentError(.policy, "no agent runs on this folder", advice: "Start it; it is what records.")
    }
    if let denial = recordingDenial {
      throw AgentError(
        .policy, "nothing is recorded now: \(denial.reason)",
        advice: "`pumpkii explain \(denial.flag.rawValue) --board FOLDER` says more.")
    }
    let until = decide(Request(point: .record, flag: .recordLocal), facts: gate.facts, now: Clocks.unixMicroseconds())
    if let wish = BoardOutcome.Wish(record(seconds.map { UInt64($0) * 1_000_000_000 }), until: until.changesAt) {
      return wish
    }
    throw AgentError(.policy, "recording is denied just now", advice: "Ask again in a moment.")
  }

  /// Why there is nothing to record; nil where there may be. One sensor is enough.
  private var recordingDenial: Decision? {
    if let denial = gate.denial(.record, .recordLocal) { return denial }
    guard let denial = gate.denial(.keepSensor, .sensorCamera) else { return nil }
    return gate.denial(.keepSensor, .sensorMicrophone) == nil ? nil : denial
  }

  /// Does what blocks on a thread of its own.
  private static func blocking<Result: Sendable>(
    _ body: @escaping @Sendable () throws(AgentError) -> Result
  ) async throws(AgentError) -> Result {
    let outcome = await DeviceThread.run(named: "clips") { () -> Swift.Result<Result, AgentError> in
      do throws(AgentError) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
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
        advice:
          "Name one as Europe/Berlin; `timedatectl list-timezones` lists them, and apt install tzdata brings them.")
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
    let facts = await facts()
    status.policyVersion = facts.owner?.version ?? 0
    status.policyHash = facts.owner?.hash ?? ""
    status.pausedBy = facts.owner?.paused?.rawValue
    status.flags = Flag.allCases.map { flag in
      let decision = decide(Request(point: flag.points.first ?? .seal, flag: flag), facts: facts, now: now)
      return BoardStatus.FlagState(
        flag: flag.rawValue, isAllowed: decision.allowed, layer: decision.layer?.rawValue, changesAt: decision.changesAt
      )
    }

    let set = gate.facts
    let allowed = Set(
      Flag.allCases.filter { flag in
        decide(Request(point: flag.points.first ?? .seal, flag: flag), facts: set, now: now).allowed
      })
    status.mode = Mode.of(allowed)?.rawValue ?? "custom"
    describe(&status)
    return status
  }

  /// What the gate goes by; on a board that is its own owner nobody is told to accept what an account alone accepts.
  private func facts() async -> Facts {
    var facts = gate.factsForPeople
    if await keeper.isLocal { facts.terms = .noAccount }
    return facts
  }

  /// Each decision that the subject names: a flag at its points, or a point for its flags.
  private func explain(_ subject: String, account: String?, at time: UInt64?) async throws(AgentError)
    -> [ExplainedDecision]
  {
    let now = time ?? Clocks.unixMicroseconds()
    var facts = await facts()
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
