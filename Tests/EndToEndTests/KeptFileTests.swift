import Foundation
import PumpkiiClient
import Testing

extension EndToEnd {
  /// What `watch --keep` wrote is evidence: it verifies as a whole, and one flipped bit is found.
  @Suite struct KeptFileTests {
    @Test(.timeLimit(.minutes(10))) func aKeptFileVerifiesAndOneFlippedBitIsReported() async throws {
      try await Stage.with { stage in
        let file = stage.path("kept.pumpkii")
        let viewer = try await stage.guestWatches([.video, .audio], keep: file)
        try await viewer.wait(for: "two seconds") { $0.chunks(.video).count >= 40 && $0.chunks(.audio).count >= 15 }
        let record = await viewer.stop()

        var reopened: [[UInt8]] = []
        let report = try KeptFile(path: file).verify(with: stage.guest) { reopened.append($0.payload) }
        #expect(report.isGenuine)
        #expect(report.refused == [:])
        #expect(report.unused == 0)
        #expect(report.device == stage.camera.device)
        #expect(reopened == record.opened.map(\.payload))
        #expect(report.opened["video"] == record.opened.count { $0.kind == .video })
        #expect(report.opened["audio"] == record.opened.count { $0.kind == .audio })

        let good = Array(try Data(contentsOf: URL(fileURLWithPath: file)))
        let objects = try Items(path: file).objects
        let victim = objects[objects.count / 2]
        let start = try #require(offset(of: victim.bytes, in: good))
        for place in [36, victim.bytes.count / 2, victim.bytes.count - 1] {
          var bad = good
          bad[start + place] ^= 1
          try Data(bad).write(to: URL(fileURLWithPath: file + ".bad"))
          let found = try KeptFile(path: file + ".bad").verify(with: stage.guest)
          #expect(!found.isGenuine)
          #expect(found.refused == ["vault-bad-signature": 1], "at \(place)")
        }
        // Nobody else's account opens it.
        let strange = try KeptFile(path: file).verify(with: stage.owner)
        #expect(strange.opened == [:])
        #expect(!strange.isGenuine)
      }
    }

    private func offset(of part: [UInt8], in whole: [UInt8]) -> Int? {
      Data(whole).range(of: Data(part))?.lowerBound
    }
  }
}
