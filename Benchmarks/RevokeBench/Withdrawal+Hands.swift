internal import PumpkiiAgent
internal import PumpkiiClient
internal import PumpkiiPolicy
internal import PumpkiiSimulation
internal import PumpkiiSystem

// How each withdrawal is laid on, and taken off.
extension Withdrawal {
  /// Returns once the camera said that it took it; of a switch nobody says so, and what a person accepted travels by
  /// itself.
  func withdraw(_ stage: BenchStage) async throws {
    switch self {
    case .camera, .microphone, .shareVideo, .shareAudio, .recordLocal:
      try confirm(try await stage.camera.setPermissions([rawValue: false]).confirmation)
    case .revocation: try confirm(try await stage.camera.revoke(stage.guest.id))
    case .pause: try confirm(try await stage.camera.pause())
    case .board: _ = try await stage.board.ask(.narrow("sensor.camera"))
    case .ceiling:
      let all = Flag.allCases.map { ($0, $0 != .sensorCamera) }
      await stage.agent.reload(ceiling: Dictionary(uniqueKeysWithValues: all))
    case .schedule: try confirm(try await stage.camera.setSchedule([Self.otherTime], zone: "Etc/UTC"))
    case .killSwitch: stage.killSwitch.set(true)
    case .terms:
      _ = try await stage.owner.setPolicy(["terms.accepted": false])
      try await wait(stage, forKey: false)
    }
  }

  /// Gives back what was taken.
  func restore(_ stage: BenchStage) async throws {
    switch self {
    case .camera, .microphone, .shareVideo, .shareAudio, .recordLocal:
      try confirm(try await stage.camera.setPermissions([rawValue: true]).confirmation)
    case .revocation: try confirm(try await stage.share())
    case .pause: try confirm(try await stage.camera.resume())
    case .board: _ = try await stage.board.ask(.restore("sensor.camera"))
    case .ceiling: await stage.agent.reload(ceiling: nil)
    case .schedule: try confirm(try await stage.camera.setSchedule([], zone: ""))
    case .killSwitch: stage.killSwitch.set(false)
    case .terms:
      _ = try await stage.owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
      try await wait(stage, forKey: true)
    }
  }

  /// A minute a week, which is not now.
  private static var otherTime: Permissions.Window {
    // 1 January 1970 was a Thursday.
    let other = (Int(Clocks.unixMicroseconds() / 60_000_000) + (3 + 3) * 1440) % (7 * 1440)
    return Permissions.Window(
      flags: ["sensor.camera"], days: [other / 1440 + 1], from: other % 1440, to: other % 1440 + 1)
  }

  /// The key message that the relay holds says when the camera took a person's policy.
  private func wait(_ stage: BenchStage, forKey isThere: Bool) async throws {
    for _ in 0..<500 {
      if try await stage.camera.keyHolders().contains(where: { $0.account == stage.guest.id }) == isThere { return }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw BenchError("the camera did not take \(rawValue)")
  }

  private func confirm(_ confirmation: Confirmation) throws {
    guard confirmation.isConfirmed else { throw BenchError("the camera did not answer to \(rawValue)") }
  }
}
