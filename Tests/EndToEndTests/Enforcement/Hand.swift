import PumpkiiAgent
import PumpkiiClient
import PumpkiiPolicy
import PumpkiiSimulation
import Testing

/// Whoever can deny, layer by layer, as they do it: by the relay, on the board, by the board's file, by hand.
enum Hand: String, CaseIterable, Sendable {
  case stranger, killSwitch, shutter
  case ceiling
  case terms, risk
  case document, narrowed, boardNarrowed, ownerPause, boardPause
  case schedule
  case grant

  var layer: Layer {
    switch self {
    case .stranger, .killSwitch, .shutter: .hardware
    case .ceiling: .ceiling
    case .terms, .risk: .terms
    case .document, .narrowed, .boardNarrowed, .ownerPause, .boardPause: .owner
    case .schedule: .schedule
    case .grant: .grant
    }
  }

  /// The flags that are denied once it is laid on `flag`; nil where it cannot be laid on it, or does for another.
  func denies(_ flag: Flag) -> Set<Flag>? {
    let isOwn = flag == .termsAccepted || flag == .riskAcknowledged
    switch self {
    case .stranger: return flag == flag.sensor ? [flag] : nil
    case .shutter: return flag == .sensorCamera ? [flag] : nil
    case .killSwitch: return flag == .sensorCamera ? [.sensorCamera, .sensorMicrophone] : nil
    case .terms: return flag == .termsAccepted ? Set(Flag.allCases.filter(\.leavesDevice)) : nil
    case .risk: return flag == .riskAcknowledged ? Set(Flag.allCases.filter(\.leavesDevice)) : nil
    case .ownerPause, .boardPause: return flag == .sensorCamera ? Set(Flag.allCases) : nil
    case .grant: return [.shareVideo, .shareAudio, .sharePhoto].contains(flag) ? [flag] : nil
    case .ceiling, .document, .narrowed, .boardNarrowed, .schedule: return isOwn ? nil : [flag]
    }
  }

  /// True for hands that many flags can be laid into at once.
  var takesSeveral: Bool { [.ceiling, .document, .narrowed, .boardNarrowed, .schedule, .grant].contains(self) }

  /// True where it is laid on between two runs of the agent, and not while one runs.
  var isOfTheStart: Bool { self == .ceiling || self == .killSwitch }
}

/// Lays hands on a stage's camera, and takes them off.
struct Hands: Sendable {
  let stage: Stage
  let killSwitch: HandSwitch
  /// Classes that the guest has.
  let shared: Set<MediaKind>

  private var board: Board { Board(folder: stage.agent.folder) }

  /// Denies; returns once it holds.
  func deny(_ flags: Set<Flag>, by hand: Hand) async throws {
    switch hand {
    case .stranger:
      for flag in flags { try await confirm(flag, fingerprint: String(repeating: "ab", count: 32)) }
    case .killSwitch:
      killSwitch.set(true)
      // Nothing answers a switch; the device's own log does.
      let log = stage.agent.device.log
      try await until("the kill switch holds") { !log.isOpen(.camera) && !log.isOpen(.microphone) }
    case .shutter:
      stage.agent.device.setShutter(closed: true)
      let log = stage.agent.device.log
      try await until("the shutter holds") { !log.isOpen(.camera) }
    case .ceiling: await stage.agent.agent?.reload(ceiling: ceiling(without: flags))
    case .terms: try await accounts(["terms.accepted": false], keys: false)
    case .risk: try await accounts(["risk.acknowledged": false], keys: false)
    case .document: try await set(flags, to: false)
    case .narrowed: for flag in flags { #expect(try await stage.camera.narrow(flag.rawValue).isConfirmed) }
    case .boardNarrowed: for flag in flags { _ = try await board.ask(.narrow(flag.rawValue)) }
    case .ownerPause: #expect(try await stage.camera.pause().isConfirmed)
    case .boardPause: _ = try await board.ask(.pause)
    case .schedule: try await schedule(flags)
    case .grant: try await share(shared.filter { kind in !flags.contains { $0.rawValue == "share.\(kind.rawValue)" } })
    }
  }

  /// Allows again; returns once it holds, but for what a person's own policy says.
  func restore(_ flags: Set<Flag>, by hand: Hand) async throws {
    switch hand {
    case .stranger:
      for flag in flags {
        let log = try await board.ask(.status)
        guard case .status(let status) = log else { continue }
        let kind = flag == .sensorCamera ? "camera" : "microphone"
        let print = try #require(status.sensors.first { $0.kind == kind }?.fingerprint)
        try await confirm(flag, fingerprint: print)
      }
    case .killSwitch: killSwitch.set(false)
    case .shutter: stage.agent.device.setShutter(closed: false)
    case .ceiling: await stage.agent.agent?.reload(ceiling: nil)
    case .terms, .risk:
      _ = try await stage.owner.acceptTerms([PolicyTexts.terms, PolicyTexts.risk])
    case .document, .narrowed: try await set(flags, to: true)
    case .boardNarrowed: for flag in flags { _ = try await board.ask(.restore(flag.rawValue)) }
    case .ownerPause: #expect(try await stage.camera.resume().isConfirmed)
    case .boardPause: _ = try await board.ask(.resume)
    case .schedule: #expect(try await stage.camera.setSchedule([], zone: "").isConfirmed)
    case .grant: try await share(shared)
    }
  }

  func ceiling(without flags: Set<Flag>) -> [Flag: Bool] {
    Dictionary(uniqueKeysWithValues: Flag.allCases.map { ($0, !flags.contains($0)) })
  }

  private func set(_ flags: Set<Flag>, to isAllowed: Bool) async throws {
    let changes = Dictionary(uniqueKeysWithValues: flags.map { ($0.rawValue, isAllowed) })
    #expect(try await stage.camera.setPermissions(changes).confirmation.isConfirmed)
  }

  private func confirm(_ flag: Flag, fingerprint: String) async throws {
    let sensor: Permissions.Sensor = flag == .sensorCamera ? .camera : .microphone
    #expect(try await stage.camera.confirm(sensor, fingerprint: fingerprint).isConfirmed)
  }

  /// A minute a week, which is not now.
  private func schedule(_ flags: Set<Flag>) async throws {
    let now = Clock.weekMinute
    let other = (now + 3 * 1440) % (7 * 1440)
    let window = Permissions.Window(
      flags: flags.map(\.rawValue).sorted(), days: [other / 1440 + 1], from: other % 1440, to: other % 1440 + 1)
    #expect(try await stage.camera.setSchedule([window], zone: "Etc/UTC").isConfirmed)
  }

  private func share(_ classes: Set<MediaKind>) async throws {
    #expect(try await stage.camera.revoke(stage.guest.id).isConfirmed)
    #expect(try await stage.camera.share(with: stage.guest.id, classes: classes).confirmation.isConfirmed)
  }

  /// A person's policy travels by itself; the key message that the relay holds says when the camera took it.
  private func accounts(_ changes: [String: Bool], keys: Bool) async throws {
    _ = try await stage.owner.setPolicy(changes)
    try await until("the camera took the person's policy") {
      try await stage.camera.keyHolders().contains { $0.account == stage.guest.id } == keys
    }
  }
}
