import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiRelay
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// Detection opens a sensor for itself alone, and closes it; notices reach a program that writes them down.
  @Suite struct DetectionEnforcementTests {
    private static let hands = Hand.allCases.filter { $0.takesSeveral && $0 != .grant }

    private static func with(
      _ allowed: Set<Flag>, notices: Set<Notice> = [], _ body: (Stage, Hands, Eyes, String) async throws -> Void
    ) async throws {
      let killSwitch = HandSwitch()
      let folder = NSTemporaryDirectory() + "pumpkii-notices-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      // Stands for the program that shows notices.
      let program = "#!/bin/sh\necho \"$*\" >> \(folder)/shown\n"
      try Data(program.utf8).write(to: URL(fileURLWithPath: "\(folder)/notify-send"))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/notify-send")
      var plan = Stage.Plan()
      plan.killSwitch = { killSwitch.make() }
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
        do { try await body(stage, hands, eyes, "\(folder)/shown") } catch {
          await eyes.close()
          throw error
        }
        await eyes.close()
      }
    }

    private static func wait(_ stage: Stage, motion: Bool? = nil, sound: Bool? = nil, _ row: String) async throws {
      let log = stage.agent.device.log
      if let motion { try await until("the camera is \(motion), \(row)") { log.isOpen(.camera) == motion } }
      if let sound { try await until("the microphone is \(sound), \(row)") { log.isOpen(.microphone) == sound } }
    }

    /// Waits for one more event than there were.
    private static func event(_ eyes: Eyes, after count: Int, _ row: String) async throws {
      try await until("an event, \(row)") {
        await eyes.open()
        return eyes.count(.event) > count
      }
    }

    @Test(.timeLimit(.minutes(3))) func aSensorThatIsOpenForDetectionAloneClosesWithItAndStaysClosed() async throws {
      let flags: Set<Flag> = [.detectMotion, .detectSound]
      try await Self.with(flags.union([.sensorCamera, .sensorMicrophone])) { stage, hands, eyes, _ in
        try await Self.wait(stage, motion: true, sound: true, "everything is allowed")
        try await Self.event(eyes, after: 0, "everything is allowed")
        for hand in Self.hands {
          for flag in flags {
            let row = "\(flag.rawValue) denied by \(hand.rawValue) while it runs"
            let (sensor, isMotion) = (flag == .detectMotion ? "camera" : "microphone", flag == .detectMotion)
            try await hands.deny([flag], by: hand)
            try await Self.wait(stage, motion: !isMotion, sound: isMotion, row)
            let (before, openings) = (eyes.count(.event), Self.openings(stage))
            try await Task.sleep(for: .milliseconds(150))
            #expect(Self.openings(stage) == openings, "\(sensor), \(row)")
            try await hands.restore([flag], by: hand)
            try await Self.wait(stage, motion: true, sound: true, row)
            if isMotion { try await Self.event(eyes, after: before, row) }
          }
          try await Self.restart(stage, hands, hand, flags)
        }
      }
    }

    private static func openings(_ stage: Stage) -> [Int] {
      [stage.agent.device.log.openings(of: .camera), stage.agent.device.log.openings(of: .microphone)]
    }

    private static func restart(_ stage: Stage, _ hands: Hands, _ hand: Hand, _ flags: Set<Flag>) async throws {
      let row = "detection denied by \(hand.rawValue) before it starts"
      if !hand.isOfTheStart { try await hands.deny(flags, by: hand) }
      await stage.agent.stop()
      let openings = openings(stage)
      if hand == .ceiling { stage.agent.configure { $0.ceiling = hands.ceiling(without: flags) } }
      try await start(stage)
      #expect(Self.openings(stage) == openings, "\(row)")
      try await hands.restore(flags, by: hand)
      try await wait(stage, motion: true, sound: true, row)
    }

    /// Starts the agent and waits until it stands before the relay.
    private static func start(_ stage: Stage) async throws {
      let starts = stage.agent.log.all.count { $0.contains("connected to the relay") }
      try stage.agent.start()
      stage.agent.configure { $0.ceiling = nil }
      try await stage.agent.log.wait(for: "connected to the relay", times: starts + 1)
    }

    @Test(.timeLimit(.minutes(3))) func aDeniedNoticeIsNeverShownAlthoughTheMotionIsNoted() async throws {
      let flags: Set<Flag> = [.sensorCamera, .detectMotion, .notifySystem]
      try await Self.with(flags, notices: [.motion]) { stage, hands, eyes, shown in
        try await Self.allowNotices(stage, true)
        try await Self.motion(stage, eyes, "everything is allowed")
        try await until("a notice") { Self.lines(shown) == 1 }
        for hand in Self.hands {
          let row = "notify.system denied by \(hand.rawValue)"
          // Once in a run: what comes again within a minute is held back.
          if !hand.isOfTheStart {
            try await Self.deny(stage, hands, hand)
            try await Self.motion(stage, eyes, "\(row) before it starts")
            #expect(Self.lines(shown) == 1, "\(row) before it starts")
            try await Self.restore(stage, hands, hand)
          }
          try await Self.motion(stage, eyes, "\(row) while it runs") { try await Self.deny(stage, hands, hand) }
          #expect(Self.lines(shown) == 1, "\(row) while it runs")
          try await Self.restore(stage, hands, hand)
        }
        try await Self.motion(stage, eyes, "everything is allowed again")
        try await until("a notice again") { Self.lines(shown) == 2 }
      }
    }

    /// Starts the agent anew with its eyes shut, lets `body` change something, and opens them: there is motion.
    private static func motion(
      _ stage: Stage, _ eyes: Eyes, _ row: String, _ body: () async throws -> Void = {}
    ) async throws {
      let board = Board(folder: stage.agent.folder)
      _ = try await board.ask(.narrow("detect.motion"))
      await stage.agent.stop()
      try await start(stage)
      try await body()
      let before = eyes.count(.event)
      _ = try await board.ask(.restore("detect.motion"))
      try await event(eyes, after: before, row)
      // The notice was offered before the event was; a program takes a moment to start.
      try await Task.sleep(for: .milliseconds(200))
    }

    /// A person's own flag stands in the person's own policy.
    private static func allowNotices(_ stage: Stage, _ isAllowed: Bool) async throws {
      _ = try await stage.owner.setPolicy(["notify.system": isAllowed])
      let board = Board(folder: stage.agent.folder)
      try await until("the camera took the person's policy") {
        guard case .status(let status) = try await board.ask(.status) else { return false }
        return status.flags.contains { $0.flag == "notify.system" && $0.isAllowed == isAllowed }
      }
    }

    private static func deny(_ stage: Stage, _ hands: Hands, _ hand: Hand) async throws {
      if hand == .document { try await allowNotices(stage, false) } else { try await hands.deny([.notifySystem], by: hand) }
    }

    private static func restore(_ stage: Stage, _ hands: Hands, _ hand: Hand) async throws {
      if hand == .document { try await allowNotices(stage, true) } else {
        try await hands.restore([.notifySystem], by: hand)
      }
    }

    private static func lines(_ path: String) -> Int {
      let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
      return text.split(separator: "\n").count { $0.contains("The camera sees motion.") }
    }
  }
}
