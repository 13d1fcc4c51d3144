import PumpkiiAgent
import PumpkiiClient
import PumpkiiRelay
import PumpkiiSimulation
import PumpkiiSystem
import Testing

extension Viewer.Record {
  var states: [CameraState] { events.compactMap { if case .state(let state) = $0 { state } else { nil } } }
  var state: CameraState? { states.last }
}

extension Viewer {
  @discardableResult
  func wait(forPicture state: SensorState) async throws -> Record {
    try await wait(for: "a picture that is \(state.code)") { $0.state?.picture == state }
  }
}

extension EndToEnd {
  /// A viewer tells a camera that is off from one that is broken, away or replayed, by what the camera itself signed.
  @Suite struct BeaconTests {
    private static func plan(_ fault: Fault? = nil) -> Stage.Plan {
      var plan = Stage.Plan()
      var camera = CameraProfile(format: .mjpeg, width: 320, height: 240, fps: 20, hasShutter: true)
      camera.faults = [fault].compactMap { $0 }
      plan.profile = DeviceProfile(
        name: "beacon", camera: camera, microphone: MicrophoneProfile(source: .tone))
      return plan
    }

    @Test(.timeLimit(.minutes(10))) func aDeniedCameraIsOffByPolicyWhileTheSoundStaysLive() async throws {
      try await Stage.with(Self.plan()) { stage in
        let viewer = try await stage.guestWatches()
        try await viewer.wait(for: "picture and sound live") { $0.state == CameraState(picture: .live, sound: .live) }
        #expect(try await stage.camera.setPermissions(["sensor.camera": false]).confirmation.isConfirmed)
        let record = try await viewer.wait(forPicture: .offByPolicy)
        #expect(record.refusals == [])
        try await viewer.wait(for: "the sound live again") {
          $0.state == CameraState(picture: .offByPolicy, sound: .live)
        }
        #expect(try await stage.camera.setPermissions(["sensor.camera": true]).confirmation.isConfirmed)
        try await viewer.wait(forPicture: .live)
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func aCameraThatIsOffBeforeAnybodyWatchesSaysSo() async throws {
      var plan = Self.plan()
      plan.allowed = ["sensor.microphone", "share.audio"]
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches([.video])
        let record = try await viewer.wait(forPicture: .offByPolicy)
        #expect(record.opened.isEmpty)
        // It stays so beyond the time for which an unproven word counts.
        let before = record.states.count
        try await Self.waitForBeacons(stage, 3)
        #expect(viewer.now.states.dropFirst(before).allSatisfy { $0.picture == .offByPolicy })
        await viewer.stop()
        let listed = try await stage.guest.cameras().first?.state
        #expect(listed?.picture == "off-by-policy")
      }
    }

    /// Waits until the relay holds a beacon that many beacons newer.
    private static func waitForBeacons(_ stage: Stage, _ count: Int) async throws {
      var times: Set<UInt64> = []
      while times.count <= count {
        if let time = try await stage.camera.reportedState()?.time { times.insert(time) }
        try await Task.sleep(for: .milliseconds(100))
      }
    }

    @Test(.timeLimit(.minutes(10))) func anUnpluggedCameraIsNoSensor() async throws {
      try await Stage.with(Self.plan(Fault(.unplug, at: 30))) { stage in
        let viewer = try await stage.guestWatches([.video])
        let record = try await viewer.wait(forPicture: .noSensor)
        #expect(!record.states.contains { $0.picture == .offByPolicy || $0.picture == .offline })
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func aFrozenCameraIsFrozen() async throws {
      try await Stage.with(Self.plan(Fault(.freeze, at: 30, opening: 0))) { stage in
        let viewer = try await stage.guestWatches([.video])
        let record = try await viewer.wait(forPicture: .frozen)
        #expect(!record.states.contains { $0.picture == .offByPolicy || $0.picture == .noSensor })
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func aClosedShutterIsAShutter() async throws {
      try await Stage.with(Self.plan(Fault(.shutter, at: 30, count: 100_000))) { stage in
        let viewer = try await stage.guestWatches([.video])
        try await viewer.wait(forPicture: .shutter)
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func aCameraWhoseAgentHasStoppedIsOffline() async throws {
      try await Stage.with(Self.plan()) { stage in
        let viewer = try await stage.guestWatches([.video])
        try await viewer.wait(forPicture: .live)
        await stage.agent.stop()
        try await viewer.wait(forPicture: .offline)
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func withoutNoncesAtTheCameraTheSamePictureIsNotLive() async throws {
      var plan = Self.plan()
      // This relay keeps viewers' nonces from the camera, as one that replays must; everything else goes on.
      plan.relay = { $0.limits.nonces = .init(burst: 1, perSecond: 1e-6) }
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches([.video])
        let record = try await viewer.wait(forPicture: .notLive(.unanswered))
        #expect(!record.chunks(.video).isEmpty)
        try await viewer.wait(for: 20, more: .video)
        #expect(viewer.now.state?.picture == .notLive(.unanswered))
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func aPauseIsOffByPolicyToAGuestAndNoEndOfItsRight() async throws {
      try await Stage.with(Self.plan()) { stage in
        let viewer = try await stage.guestWatches([.video])
        try await viewer.wait(forPicture: .live)
        #expect(try await stage.camera.pause().isConfirmed)
        try await viewer.wait(forPicture: .offByPolicy)
        #expect(try await stage.camera.resume().isConfirmed)
        try await viewer.wait(forPicture: .live)
        await viewer.stop()
      }
    }

    @Test(.timeLimit(.minutes(10))) func anEndedRightIsRevokedAndNothingElse() async throws {
      try await Stage.with(Self.plan()) { stage in
        let viewer = try await stage.guestWatches([.video])
        try await viewer.wait(forPicture: .live)
        _ = try await stage.camera.revoke(stage.guest.id)
        #expect(try await viewer.end().code == .cut)
        #expect(viewer.now.state == CameraState(picture: .revoked, sound: .revoked))
      }
    }
  }
}
