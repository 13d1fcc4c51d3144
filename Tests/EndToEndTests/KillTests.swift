import Foundation
import Glibc
import PumpkiiClient
import PumpkiiWire
import Testing

extension EndToEnd {
  /// An agent that is killed between two frames comes back with new keys: no counter is ever used twice.
  @Suite struct KillTests {
    @Test(
      .timeLimit(.minutes(10)), .enabled(if: AgentProcess.exists, "the pumpkii program is not built beside the tests"))
    func noKeyAndCounterPairComesTwiceAcrossKills() async throws {
      var plan = Stage.Plan()
      plan.runsAgent = false
      try await Stage.with(plan) { stage in
        let profile = stage.path("pattern.yaml")
        try """
        name: pattern
        camera:
          source: {kind: pattern}
          format: mjpeg
          width: 320
          height: 240
          fps: 25
        microphone:
          source: {kind: tone}
        """.write(toFile: profile, atomically: true, encoding: .utf8)
        let file = stage.path("kept.pumpkii")
        var agent = try AgentProcess(home: stage.path("camera"), profile: profile)
        defer { agent.kill() }
        let flags = ["sensor.camera": true, "sensor.microphone": true, "share.video": true, "share.audio": true]
        #expect(try await stage.camera.setPermissions(flags).confirmation.isConfirmed)
        let viewer = try stage.ownerWatches(keep: file)
        try await viewer.wait(for: 15, more: .video)
        for _ in 0..<3 {
          let epoch = viewer.now.epochs.last ?? 0
          agent.kill()
          agent = try AgentProcess(home: stage.path("camera"), profile: profile)
          try await viewer.wait(for: "the next epoch's frames") { record in
            record.chunks(.video).count { $0.segment >> 32 > UInt64(epoch) } >= 10
          }
        }
        let record = await viewer.stop()
        #expect(record.refusals == [])
        #expect(zip(record.epochs, record.epochs.dropFirst()).allSatisfy { $0 < $1 })
        #expect(record.epochs.count >= 4)
        try expectNoReuse(in: file)
        #expect(try KeptFile(path: file).verify(with: stage.owner).isGenuine)
      }
    }

    /// A dozen of what `scripts/bench revoke --kills 200` does.
    @Test(
      .timeLimit(.minutes(10)), .enabled(if: AgentProcess.exists, "the pumpkii program is not built beside the tests"))
    func aKillAmidAChangeLeavesTheOldPolicyOrTheNewOneWhole() async throws {
      let profile = NSTemporaryDirectory() + "pumpkii-kill-\(UUID().uuidString).yaml"
      defer { try? FileManager.default.removeItem(atPath: profile) }
      // With both sensors: of one that is not there a status says that, and not what the policy allows.
      try """
      name: pattern
      camera: {source: {kind: pattern}, format: mjpeg, width: 320, height: 240, fps: 15}
      microphone: {source: {kind: tone}}

      """.write(toFile: profile, atomically: true, encoding: .utf8)
      let bench = AgentProcess.products + "/pumpkii-revoke"
      let arguments = ["kills", "--program", AgentProcess.path, "--profile", profile, "--count", "12"]
      let outcome = try await Tool.outcome(bench, arguments)
      let text = String(decoding: outcome.output, as: UTF8.self)
      #expect(outcome.status == 0, "\(text)\(outcome.errors)")
      #expect(text.contains("12 kills"))
    }

    private func expectNoReuse(in file: String) throws {
      struct Position: Hashable {
        let kid: UInt64
        let index: UInt32
      }
      let items = try Items(path: file)
      var seen: [Position: [UInt8]] = [:]
      for object in items.objects {
        let position = Position(kid: object.header.kid.rawValue, index: object.header.index)
        if let before = seen[position] {
          #expect(before == object.bytes, "\(object.header.kid) index \(object.header.index) was sealed twice")
        }
        seen[position] = object.bytes
      }
      #expect(seen.count >= 45)
      let epochs = items.heads.map(\.epoch)
      #expect(zip(epochs, epochs.dropFirst()).allSatisfy { $0 < $1 }, "\(epochs)")
      #expect(Set(items.heads.map(\.epochUID)).count == epochs.count)
    }
  }
}

/// `pumpkii agent run` as a program of its own, which can be killed without a goodbye.
final class AgentProcess {
  /// Everything that was built lies beside the tests.
  static let products =
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
    .map { ($0 as NSString).deletingLastPathComponent } ?? "/nonexistent"
  static let path = products + "/pumpkii"

  static var exists: Bool { FileManager.default.isExecutableFile(atPath: path) }

  private let process = Process()

  init(home: String, profile: String) throws {
    process.executableURL = URL(fileURLWithPath: Self.path)
    process.arguments = ["agent", "run", "--home", home, "--profile", profile, "--log-level", "error"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
  }

  /// SIGKILL: nothing is flushed, closed or said.
  func kill() {
    guard process.isRunning else { return }
    Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }
}
