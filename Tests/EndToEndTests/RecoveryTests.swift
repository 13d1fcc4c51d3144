import PumpkiiAgent
import PumpkiiClient
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// What breaks comes back by itself, and costs nothing but what was on its way; that, the viewer reports by number.
  @Suite struct RecoveryTests {
    @Test(.timeLimit(.minutes(10))) func aRestartedRelayLosesNothingButTheGap() async throws {
      try await Stage.with { stage in
        let file = stage.path("kept.pumpkii")
        let viewer = try await stage.guestWatches(keep: file)
        try await viewer.wait(for: 10, more: .video)
        let before = viewer.now
        await stage.relay.stop()
        try await viewer.wait(for: "the loss") {
          $0.events.contains { if case .disconnected = $0 { true } else { false } }
        }
        try await stage.relay.start()
        try await viewer.wait(for: "the relay's return") { $0.connections > before.connections }
        try await viewer.wait(for: "a second after it") { record in
          record.chunks(.video).count { $0.segment > before.chunks(.video).last?.segment ?? 0 } >= 20
        }
        let record = await viewer.stop()

        #expect(record.refusals == [])
        // Every jump in the numbers has its report.
        #expect(!record.jumps(.video).isEmpty)
        #expect(record.reportedGaps.count >= record.jumps(.video).count)
        #expect(try await !stage.camera.keyHolders().isEmpty)
        let report = try KeptFile(path: file).verify(with: stage.guest)
        #expect(report.isGenuine, "\(report.refused)")
        #expect(report.opened["video"] == record.opened.count { $0.kind == .video })
      }
    }

    @Test(.timeLimit(.minutes(10))) func aCutCableLosesNothingButTheGap() async throws {
      var plan = Stage.Plan()
      plan.hasCable = true
      // However long the way back takes, the camera stays open meanwhile.
      plan.configuration.linger = 3600
      try await Stage.with(plan) { stage in
        let cable = try #require(stage.cable)
        let viewer = try await stage.guestWatches()
        try await viewer.wait(for: 10, more: .video)
        for _ in 0..<2 {
          let last = viewer.now.chunks(.video).last?.segment ?? 0
          let connected = cable.connections
          cable.cut()
          try await stage.agent.log.wait(for: "uplink:")
          cable.mend()
          try await viewer.wait(for: "a second in another segment") { record in
            record.chunks(.video).count { $0.segment > last } >= 20
          }
          #expect(cable.connections > connected)
        }
        let record = await viewer.stop()

        #expect(record.connections == 1)
        #expect(record.refusals == [])
        #expect(record.reportedGaps.count >= record.jumps(.video).count)
        #expect(!record.jumps(.video).isEmpty)
        #expect(stage.agent.device.log.openings(of: .camera) == 1)
        // The camera obeys as before.
        #expect(try await stage.camera.setPermissions(["sensor.microphone": false]).confirmation.isConfirmed)
      }
    }

    @Test(.timeLimit(.minutes(10))) func aKilledViewerDisturbsNobody() async throws {
      try await Stage.with { stage in
        let stays = try stage.ownerWatches()
        try await stays.wait(for: 5, more: .video)
        for _ in 0..<3 {
          let goes = try await stage.guestWatches()
          try await goes.wait(for: 5, more: .video)
          await goes.stop()
          try await stays.wait(for: 5, more: .video)
        }
        let record = await stays.stop()
        let lost = try stage.agent.lost
        #expect(record.jumps(.video, except: lost) == [])
        #expect(record.jumps(.audio, except: lost) == [])
        #expect(record.relayLosses == 0)
        #expect(record.refusals == [])
        #expect(record.connections == 1)
      }
    }
  }
}
