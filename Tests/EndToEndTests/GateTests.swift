import PumpkiiAgent
import PumpkiiClient
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// The owner's flags over the whole system: what is denied is never opened, never sealed, and the agent says why.
  @Suite struct GateTests {
    @Test(.timeLimit(.minutes(10))) func aDeniedMicrophoneIsNeverOpened() async throws {
      var plan = Stage.Plan()
      plan.allowed = ["sensor.camera", "share.video", "share.audio"]
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches()
        let record = try await viewer.wait(for: "a second of pictures") { $0.chunks(.video).count >= 20 }
        await viewer.stop()
        await stage.agent.stop()

        #expect(record.opened.allSatisfy { $0.kind == .video })
        #expect(stage.agent.device.log.openings(of: .camera) == 1)
        #expect(stage.agent.device.log.events.allSatisfy { $0.sensor == .camera })
        #expect(stage.agent.agent?.audio.current.captured == 0)
        #expect(stage.agent.log.all.contains { $0.contains("audio is wanted and denied") })
      }
    }

    @Test(.timeLimit(.minutes(10))) func aDeniedCameraSealsNoFrameAndTheAgentSaysWhy() async throws {
      var plan = Stage.Plan()
      plan.allowed = ["sensor.microphone", "share.video", "share.audio", "share.photo"]
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches([.video, .audio, .photo])
        let record = try await viewer.wait(for: "a second of sound") { $0.chunks(.audio).count >= 10 }
        try await stage.agent.log.wait(for: "video is wanted and denied")
        await viewer.stop()
        await stage.agent.stop()

        #expect(record.opened.allSatisfy { $0.kind == .audio })
        #expect(stage.agent.device.log.events.allSatisfy { $0.sensor == .microphone })
        #expect(stage.agent.agent?.video.current.sealed == 0)
        #expect(stage.agent.agent?.video.current.captured == 0)
        let reason = try #require(stage.agent.log.all.first { $0.contains("video is wanted and denied") })
        #expect(reason.contains("sensor.camera"), "\(reason)")
      }
    }

    @Test(.timeLimit(.minutes(10))) func aShareFlagAloneKeepsEveryFrameFromBeingSealed() async throws {
      var plan = Stage.Plan()
      plan.allowed = ["sensor.camera", "sensor.microphone", "share.audio"]
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches()
        let record = try await viewer.wait(for: "a second of sound") { $0.chunks(.audio).count >= 10 }
        await viewer.stop()
        await stage.agent.stop()
        #expect(record.opened.allSatisfy { $0.kind == .audio })
        #expect(stage.agent.agent?.video.current.sealed == 0)
        // Nobody who may have nothing of it opens a camera.
        #expect(stage.agent.device.log.openings(of: .camera) == 0)
        #expect(stage.agent.log.all.contains { $0.contains("video is wanted and denied") })
      }
    }

    @Test(.timeLimit(.minutes(10))) func withdrawingAShareClosesTheCameraAtOnce() async throws {
      var plan = Stage.Plan()
      plan.configuration.linger = 3600
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches([.video, .audio])
        try await viewer.wait(for: "picture and sound") { $0.chunks(.video).count >= 5 && $0.chunks(.audio).count >= 5 }
        #expect(try await stage.camera.setPermissions(["share.video": false]).confirmation.isConfirmed)
        // By its own log. A viewer who left would have let it go an hour later.
        try await until("the camera is closed") { !stage.agent.device.log.isOpen(.camera) }
        #expect(stage.agent.device.log.isOpen(.microphone))
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func withdrawingTheMicrophoneClosesItWhileThePictureGoesOn() async throws {
      try await Stage.with { stage in
        let viewer = try await stage.guestWatches()
        try await viewer.wait(for: "picture and sound") { $0.chunks(.video).count >= 5 && $0.chunks(.audio).count >= 5 }
        #expect(stage.agent.device.log.isOpen(.microphone))

        let change = try await stage.camera.setPermissions(["sensor.microphone": false])
        #expect(change.confirmation.isConfirmed)
        guard case .confirmed(let epoch, _) = change.confirmation else { return }
        let closed = await stage.agent.device.log.wait {
          $0.contains { $0.sensor == .microphone && $0.action == .closed }
        }
        #expect(closed)
        let record = try await viewer.wait(for: 20, more: .video)
        await viewer.stop()

        #expect(record.opened.allSatisfy { $0.kind == .video || $0.segment >> 32 < UInt64(epoch) })
        #expect(try record.jumps(.video, except: stage.agent.lost) == [])
        #expect(!stage.agent.device.log.isOpen(.microphone))
        #expect(stage.agent.device.log.openings(of: .microphone) == 1)
        #expect(stage.agent.device.log.openings(of: .camera) == 1)
        #expect(stage.agent.device.log.isOpen(.camera))

        let granted = try await stage.camera.setPermissions(["sensor.microphone": true])
        #expect(granted.confirmation.isConfirmed)
        let again = try await stage.guestWatches([.audio])
        try await again.wait(for: "sound again") { $0.chunks(.audio).count >= 3 }
        await again.stop()
        #expect(stage.agent.device.log.openings(of: .microphone) == 2)
      }
    }
  }
}
