import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiRelay
import PumpkiiSimulation
import Testing

/// A camera that opens its sensors for detection alone, and whose notices reach a program that writes them down.
struct DetectionStage: Sendable {
  let stage: Stage
  let hands: Hands
  let eyes: Eyes
  /// What the program wrote.
  let shown: String

  static func with(
    _ allowed: Set<Flag>, notices: Set<Notice> = [], _ body: (DetectionStage) async throws -> Void
  ) async throws {
    let killSwitch = HandSwitch()
    let folder = NSTemporaryDirectory() + "pumpkii-notices-\(UUID().uuidString)"
    try makeProgram(in: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var plan = Stage.Plan()
    plan.killSwitch = { killSwitch.make() }
    plan.profile.camera?.hasShutter = true
    plan.allowed = Set(allowed.map(\.rawValue))
    plan.shared = []
    plan.noticeFolders = [folder]
    plan.relay = { $0.limits.authenticated = .init(burst: 1_000_000, perSecond: 1_000_000) }
    plan.configuration.notices = notices
    plan.configuration.linger = 0
    plan.configuration.trustsClock = true
    plan.configuration.motion.looks = 20
    try await Stage.with(plan) { stage in
      let eyes = Eyes { try stage.ownerWatches([.event]) }
      let hands = Hands(stage: stage, killSwitch: killSwitch, shared: [])
      do {
        try await body(DetectionStage(stage: stage, hands: hands, eyes: eyes, shown: "\(folder)/shown"))
      } catch {
        await eyes.close()
        throw error
      }
      await eyes.close()
    }
  }

  /// Stands for the program that shows notices.
  private static func makeProgram(in folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let program = "#!/bin/sh\necho \"$*\" >> \(folder)/shown\n"
    try Data(program.utf8).write(to: URL(fileURLWithPath: "\(folder)/notify-send"))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/notify-send")
  }

  /// Waits until camera and microphone are open or closed.
  func wait(motion: Bool, sound: Bool, _ row: String) async throws {
    let log = stage.agent.device.log
    try await until("the camera is \(motion), \(row)") { log.isOpen(.camera) == motion }
    try await until("the microphone is \(sound), \(row)") { log.isOpen(.microphone) == sound }
  }

  /// Waits for one more event than there were.
  func event(after count: Int, _ row: String) async throws {
    try await until("an event, \(row)") {
      await eyes.open()
      return eyes.count(.event) > count
    }
  }

  var openings: [Int] {
    [stage.agent.device.log.openings(of: .camera), stage.agent.device.log.openings(of: .microphone)]
  }

  /// Starts the agent and waits until it stands before the relay.
  func start() async throws {
    let starts = stage.agent.log.all.count { $0.contains("connected to the relay") }
    try stage.agent.start()
    stage.agent.configure { $0.ceiling = nil }
    try await stage.agent.log.wait(for: "connected to the relay", times: starts + 1)
  }

  /// Notices of motion that were shown.
  var notices: Int {
    let text = (try? String(contentsOfFile: shown, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").count { $0.contains("The camera sees motion.") }
  }
}
