import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// Films and sounds that nobody prepared for us go through the whole system and come out whole.
  @Suite struct FilmTests {
    struct Film: Sendable, CustomTestStringConvertible {
      let name: String
      let width: Int
      let height: Int
      let fps: Double
      let arguments: [String]
      var testDescription: String { name }
    }

    static let films = [
      Film(name: "film.mjpeg", width: 480, height: 270, fps: 24, arguments: ["-c:v", "mjpeg", "-q:v", "3"]),
      Film(name: "film.y4m", width: 416, height: 240, fps: 15, arguments: ["-pix_fmt", "yuv420p"]),
      Film(
        name: "film.h264", width: 640, height: 360, fps: 20,
        arguments: ["-c:v", "libx264", "-profile:v", "baseline", "-bf", "0", "-g", "20", "-pix_fmt", "yuv420p"]),
    ]

    @Test(.timeLimit(.minutes(10)), arguments: films) func aFilmAndASpeechArrive(film: Film) async throws {
      let folder = NSTemporaryDirectory() + "pumpkii-film-\(UUID().uuidString)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      defer { try? FileManager.default.removeItem(atPath: folder) }
      let video = "\(folder)/\(film.name)"
      let audio = "\(folder)/speech.wav"
      try await Tool.run(
        "ffmpeg",
        ["-v", "error", "-f", "lavfi", "-i", "testsrc2=size=\(film.width)x\(film.height):rate=\(film.fps):duration=4"]
          + film.arguments + [video])
      try await Tool.run("espeak-ng", ["-w", audio, "Nobody but the person you chose can hear this sentence."])
      #expect(try await rate(of: audio) == "22050")

      var plan = Stage.Plan()
      plan.profile = .file(video: video, audio: audio, fps: film.fps)
      try await Stage.with(plan) { stage in try await arrive(film, stage) }
    }

    private func rate(of path: String) async throws -> String {
      let output = try await Tool.run(
        "ffprobe", ["-v", "error", "-show_entries", "stream=sample_rate", "-of", "csv=p=0", path])
      return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func arrive(_ film: Film, _ stage: Stage) async throws {
      let viewer = try await stage.guestWatches()
      let frames = Int(film.fps * 3)
      try await viewer.wait(for: "three seconds") { $0.chunks(.video).count >= frames && $0.chunks(.audio).count >= 20 }
      let agent = try #require(stage.agent.agent)
      await stage.agent.stop()
      let record = viewer.now
      await viewer.stop()

      // Each frame that the camera made ended once, and what was sealed and missed is known by number.
      let counts = agent.video.current
      #expect(counts.captured == counts.sealed + counts.denied + counts.dropped.values.reduce(0, +))
      #expect(counts.denied == 0)
      #expect(counts.sealed >= UInt64(record.chunks(.video).count))
      let lost = try stage.agent.lost
      #expect(record.jumps(.video, except: lost) == [])
      #expect(record.jumps(.audio, except: lost) == [])
      #expect(record.relayLosses == 0)
      #expect(record.refusals == [])

      let movie = try Movie(record, path: stage.path("guest.mp4"))
      #expect(try await movie.complaints() == "")
      #expect(try await movie.property("v", "codec_name,width,height") == "h264,\(film.width),\(film.height)")
      #expect(try await movie.property("a", "codec_name,sample_rate") == "opus,48000")
      #expect(try await movie.packets("v").count == record.chunks(.video).count)
      let samples = try await movie.sound(byTimestamps: false)
      #expect(samples.contains { abs(Int($0)) > 3000 }, "the speech is not silent")
      let packets = try await movie.packets("v")
      let length = (packets.last?.time ?? 0) - (packets.first?.time ?? 0)
      let captured = record.chunks(.video)
      let span = Double((captured.last?.captureTime ?? 0) - (captured.first?.captureTime ?? 0)) / 1e6
      #expect(abs(length - span) < 0.1)
    }
  }
}
