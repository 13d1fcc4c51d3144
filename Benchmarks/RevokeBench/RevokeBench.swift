internal import PumpkiiClient
internal import PumpkiiDemo
internal import PumpkiiSimulation
internal import PumpkiiSystem

/// Withdraws one thing after the other, in rotation, while everything runs.
struct RevokeBench: Sendable {
  /// Trials after which everything begins anew: a roster grows with every change.
  private static let round = 40
  /// What came by then had come after the limit already; what comes later would be found in the next trial's ledger.
  private static let settling = Duration.milliseconds(400)

  let trials: Int
  /// Told after each trial.
  let progress: @Sendable (Int) -> Void

  func run() async throws -> [Trial] {
    let done = Published<[Trial]>([])
    while done.value.count < trials {
      let first = done.value.count
      try await BenchStage.with { stage in
        try await round(stage, first..<min(first + Self.round, trials), done)
      }
    }
    return done.value
  }

  private func round(_ stage: BenchStage, _ numbers: Range<Int>, _ done: Published<[Trial]>) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      var (owner, guest) = (Sight(), Sight())
      let kinds: Set<MediaKind> = [.video, .audio, .photo]
      try follow(owner, stage.camera, kinds, &group)
      let camera = try await stage.guest.camera(stage.camera.device)
      try follow(guest, camera, kinds, &group)
      for number in numbers {
        let what = Withdrawal.allCases[number % Withdrawal.allCases.count]
        let trial = try await trial(what, stage, owner, guest)
        done.update { $0.append(trial) }
        progress(number + 1)
        try await what.restore(stage)
        // Whom a right or every key was taken from begins anew.
        if guest.record.value.end != nil {
          guest = Sight()
          try follow(guest, camera, kinds, &group)
        }
        if owner.record.value.end != nil {
          owner = Sight()
          try follow(owner, stage.camera, kinds, &group)
        }
      }
      group.cancelAll()
    }
  }

  private func follow(
    _ sight: Sight, _ camera: CameraLink, _ kinds: Set<MediaKind>, _ group: inout ThrowingTaskGroup<Void, any Error>
  ) throws {
    let watch = try camera.watch(classes: kinds)
    group.addTask { await sight.follow(watch) }
  }

  private func trial(_ what: Withdrawal, _ stage: BenchStage, _ owner: Sight, _ guest: Sight) async throws -> Trial {
    for sight in [owner, guest] { try await sight.wait(for: [.video: 10, .audio: 3, .photo: 1]) }
    for sight in [owner, guest] { sight.begin() }
    // Another place between two frames each time, with enough before it to see what went on.
    try await Task.sleep(for: .milliseconds(300 + Int.random(in: 0..<100)))
    stage.ledger.flush()
    let start = DurableFile.status(stage.ledgerPath)?.byteCount ?? 0
    let newest = guest.record.value.openings.map(\.epoch).max() ?? 0
    try await Task.sleep(for: .milliseconds(100))
    try await what.withdraw(stage)
    try await Task.sleep(for: Self.settling)
    stage.ledger.flush()
    let end = DurableFile.status(stage.ledgerPath)?.byteCount ?? 0
    let ledger = try Ledger(parsing: DurableFile.read(stage.ledgerPath, from: start, count: end - start))
    let viewers = what == .revocation ? [guest.record.value] : [owner.record.value, guest.record.value]
    return try Trial(
      what, lines: ledger.lines, viewers: viewers, guest: guest.record.value,
      thrown: stage.killSwitch.thrownAt, newEpoch: what == .revocation ? newest + 1 : nil)
  }
}
