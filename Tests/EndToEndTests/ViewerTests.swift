import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiMedia
import PumpkiiRelay
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiTransport
import PumpkiiVault
import PumpkiiWire
import Testing

extension EndToEnd {
  /// What viewers of different kinds get: one who comes late, one who does not read, one who wants a photo.
  @Suite struct ViewerTests {
    @Test(.timeLimit(.minutes(10))) func whoComesLateSeesAPictureAtOnce() async throws {
      var plan = Stage.Plan()
      // One random access point in half a minute: what a newcomer sees soon is what the relay kept for it.
      plan.configuration.video.groupSeconds = 30
      try await Stage.with(plan) { stage in
        let early = try stage.ownerWatches()
        try await early.wait(for: 20, more: .video)
        let joined = Clocks.unixMicroseconds()
        let late = try await stage.guestWatches()
        let record = try await late.wait(for: "pictures") { $0.chunks(.video).count >= 10 }
        await late.stop()
        let seen = await early.stop()

        let video = record.opened.filter { $0.kind == .video }
        #expect(video.first?.content == .initialization)
        let first = try #require(record.chunks(.video).first)
        #expect(first.isRandomAccess)
        #expect(first.captureTime < joined)
        let lost = try stage.agent.lost
        #expect(record.jumps(.video, except: lost) == [])
        #expect(record.relayLosses == 0)
        #expect(seen.jumps(.video, except: lost) == [])
      }
    }

    @Test(.timeLimit(.minutes(10))) func aPhotoOnDemandDecodes() async throws {
      try await Stage.with { stage in
        let photo = try await stage.camera.takePhoto()
        #expect(photo.jpeg.starts(with: [0xFF, 0xD8, 0xFF]))
        let path = stage.path("photo.jpg")
        try Data(photo.jpeg).write(to: URL(fileURLWithPath: path))
        let luma = try await Tool.run(
          "ffmpeg", ["-v", "error", "-xerror", "-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-"])
        #expect(luma.count == 320 * 240)
        #expect(PatternReader(width: 320, height: 240).read(luma) != nil)
        // Nobody looked at the moving picture, so none was sealed.
        #expect(stage.agent.agent?.video.current.sealed == 0)
      }
    }

    @Test(.timeLimit(.minutes(10))) func whoDoesNotReadDisturbsNobodyAndIsToldWhatItLost() async throws {
      var plan = Stage.Plan()
      // A photograph in fine JPEGs fills every buffer on the way within seconds.
      let image = try #require(try Self.photograph())
      plan.profile.camera = CameraProfile(
        source: .pan(image: image, burnIn: false), width: 1280, height: 720, fps: 25, quality: 98)
      plan.configuration.video.mode = .mjpeg
      plan.relay = { $0.limits.viewerQueueBytes = 512 << 10 }
      try await Stage.with(plan) { stage in
        let connection = try stage.connection(of: stage.guest)
        let downlink = try await connection.live(device: DeviceID(hex: stage.camera.device), classes: ClassMask(.video))
        let reader = try stage.ownerWatches()
        let target = 14 << 20
        let record = try await reader.wait(for: "14 MiB") { record in
          record.opened.reduce(0) { $0 + $1.payload.count } >= target
        }
        await reader.stop()
        let lost = try stage.agent.lost
        #expect(record.jumps(.video, except: lost) == [])
        #expect(record.jumps(.audio, except: lost) == [])
        #expect(record.relayLosses == 0)

        // Only now the slow one reads: what it had coming, then what it lost.
        var told = 0
        for try await item in downlink {
          guard case .control(.loss, let body) = item else { continue }
          var reader = ByteReader(body)
          _ = try reader.read(UInt64.self, "KID")
          _ = try reader.read(UInt32.self, "index")
          told = Int(try reader.read(UInt32.self, "count"))
          break
        }
        #expect(told > 0)
        await connection.shutdown()
      }
    }

    private static func photograph() throws -> String? {
      let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("devices/media").path
      return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".jpg") }.min()
        .map { "\(folder)/\($0)" }
    }
  }
}

extension Stage {
  /// A connection in an account's name, without the client's code.
  func connection(of account: Account) throws -> RelayConnection {
    let home = account.id == owner.id ? path("owner") : path("guest")
    let identity = try #require(try SigningIdentity.load("\(home)/identity.key"))
    return try RelayConnection(
      address: RelayAddress(account.relay, pinText: account.pin),
      signer: .client(identity, account: AccountID(hex: account.id)))
  }
}
