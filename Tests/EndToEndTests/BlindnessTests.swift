import Foundation
import PumpkiiClient
import PumpkiiRelay
import Testing

extension EndToEnd {
  /// What the relay keeps and logs names nobody and shows nothing.
  @Suite struct BlindnessTests {
    /// Four bytes where three are a magic number: three turn up among random keys once in a thousand runs.
    private static let magic: [(String, [UInt8])] = [
      ("JPEG", [0xFF, 0xD8, 0xFF, 0xE0]), ("JPEG without JFIF", [0xFF, 0xD8, 0xFF, 0xDB]), ("ftyp", Array("ftyp".utf8)),
      ("moof", Array("moof".utf8)), ("mdat", Array("mdat".utf8)), ("avc1", Array("avc1".utf8)),
      ("Opus", Array("Opus".utf8)),
    ]

    @Test(.timeLimit(.minutes(10))) func theRelayHoldsNoPictureNoNameAndNoAddress() async throws {
      var plan = Stage.Plan()
      plan.cameraName = "canary-nursery-7391"
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches([.video, .audio, .photo])
        try await viewer.wait(for: 10, more: .video)
        let photo = try await stage.camera.takePhoto()
        try await viewer.wait(for: "the photo") { $0.opened.contains { $0.kind == .photo } }
        _ = try await stage.camera.revoke(stage.guest.id)
        _ = try await viewer.end()
        let record = await viewer.stop()
        let movie = try Movie(record, path: stage.path("guest.mp4"))
        await stage.agent.stop()
        await stage.relay.stop()

        let canaries =
          Self.magic + [
            ("the camera's name", Array("canary-nursery".utf8)), ("the folder", Array(stage.folder.utf8)),
            ("the owner's folder", Array("/owner".utf8)), ("the program's name", Array("pumpkii-e2e".utf8)),
            ("the photo", Array(photo.jpeg[600..<632])),
          ]
        let files = try Self.files(in: stage.path("relay"))
        #expect(files.contains { $0.path.hasSuffix("relay.sqlite") })
        let log = Array(stage.relay.log.all.joined(separator: "\n").utf8)
        #expect(log.count > 1000, "a log at its most talkative")
        for (name, canary) in canaries {
          for (path, bytes) in files { #expect(bytes.range(of: Data(canary)) == nil, "\(name) in \(path)") }
          #expect(Data(log).range(of: Data(canary)) == nil, "\(name) in the log")
        }
        // Ids and addresses are for the database at most, not for the log.
        for id in [stage.owner.id, stage.guest.id, stage.camera.device, stage.owner.clientID, "127.0.0.1"] {
          #expect(!stage.relay.log.all.contains { $0.contains(id) }, "\(id) in the log")
        }
        // The search finds what is there: in the guest's film and on the owner's side.
        let film = try Data(contentsOf: URL(fileURLWithPath: movie.path))
        #expect(film.range(of: Data("moof".utf8)) != nil)
        let owned = try Self.files(in: stage.path("owner"))
        #expect(owned.contains { $0.bytes.range(of: Data("canary-nursery".utf8)) != nil })
      }
    }

    /// The relay speaks plain HTTP here, so that the test reads every byte of it: what TLS would hide is sealed before.
    @Test(.timeLimit(.minutes(10))) func whatTheCameraSendsIsCiphertextBeforeAnyTLS() async throws {
      var plan = Stage.Plan()
      plan.hasCable = true
      plan.relay = { $0.plain = true }
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches([.video, .audio, .photo])
        try await viewer.wait(for: 20, more: .video)
        try await viewer.wait(for: 5, more: .audio)
        let photo = try await stage.camera.takePhoto()
        let record = await viewer.stop()
        let sent = Data(try #require(stage.cable).sent)
        let movie = try Movie(record, path: stage.path("guest.mp4"))
        let film = try Data(contentsOf: URL(fileURLWithPath: movie.path))
        #expect(sent.count > film.count, "all of the film came this way")
        let box = Data(Array("moof".utf8) + [0, 0, 0, 16] + Array("mfhd".utf8))
        let canaries: [(String, Data, Data)] = [
          ("a CMAF header", Data("ftypiso".utf8), film), ("a CMAF chunk", box, film),
          ("the photo", Data(photo.jpeg[600..<632]), Data(photo.jpeg)),
          ("a JPEG", Data(photo.jpeg[..<10]), Data(photo.jpeg)),
        ]
        for (name, canary, source) in canaries {
          #expect(source.range(of: canary) != nil, "the search finds \(name) where it is")
          #expect(sent.range(of: canary) == nil, "\(name) went over the wire")
        }
      }
    }

    private static func files(in folder: String) throws -> [(path: String, bytes: Data)] {
      try FileManager.default.subpathsOfDirectory(atPath: folder).compactMap { name in
        let path = "\(folder)/\(name)"
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder.boolValue else {
          return nil
        }
        return (path, try Data(contentsOf: URL(fileURLWithPath: path)))
      }
    }
  }
}
