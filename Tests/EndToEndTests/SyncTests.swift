import Foundation
import PumpkiiAgent
import PumpkiiClient
import PumpkiiSimulation
import Testing

extension EndToEnd {
  /// Picture and sound of the guest's film belong together: by its timestamps and by what a decoder makes of it.
  @Suite struct SyncTests {
    private static let limit = 0.040
    /// Seconds of sound in a packet.
    private static let packet = 0.020

    @Test(.timeLimit(.minutes(10))) func theFlashAndTheBeepOfASecondMeetAndPlayersPlayItToItsEnd() async throws {
      // A camera or a microphone that was held left something out, and a film with a hole is another test's.
      for _ in 0..<5 { if try await film() { return } }
      Issue.record("in each of five films the camera or the microphone left something out")
    }

    /// - Returns: false where something was left out, and nothing was judged.
    private func film() async throws -> Bool {
      var plan = Stage.Plan()
      plan.profile = Stage.Plan.pattern(width: 480, height: 360, fps: 25)
      nonisolated(unsafe) var isWhole = false
      try await Stage.with(plan) { stage in
        let viewer = try await stage.guestWatches()
        let record = try await viewer.wait(for: "six seconds") { record in
          guard let first = record.chunks(.video).first, let last = record.chunks(.audio).last else { return false }
          return last.captureTime >= first.captureTime + 6_000_000
        }
        await viewer.stop()
        let agent = try #require(stage.agent.agent)
        unsafe isWhole = [agent.video, agent.audio].allSatisfy { $0.current.dropped[.driver, default: 0] == 0 }
        guard unsafe isWhole else { return }
        try await judge(record, stage)
      }
      return unsafe isWhole
    }

    private func judge(_ record: Viewer.Record, _ stage: Stage) async throws {
      let movie = try Movie(record, path: stage.path("guest.mp4"))
      #expect(try await movie.complaints() == "")
      let (video, audio) = (try await movie.packets("v"), try await movie.packets("a"))
      #expect(min(video.first?.time ?? 1, audio.first?.time ?? 1) == 0)
      #expect(video.count == record.chunks(.video).count)
      #expect(zip(video, video.dropFirst()).allSatisfy { $0.time < $1.time })
      #expect(zip(audio, audio.dropFirst()).allSatisfy { abs($0.time + Self.packet - $1.time) < 0.001 })

      let frames = try await movie.frames(width: 480, height: 360)
      #expect(frames.count == video.count)
      #expect(frames.allSatisfy { $0.mark != nil })
      let decoded = ToneMark(sampleRate: 48_000).onsets(in: try await movie.sound(byTimestamps: true))
      expect(decoded, meet: Self.seconds(frames, at: frames.map(\.time)), "as decoded")

      let samples = try await movie.sound(byTimestamps: false)
      let heard = ToneMark(sampleRate: 48_000).onsets(in: samples).map { Self.time(of: $0, samples.count, audio) }
      expect(heard, meet: Self.seconds(frames, at: video.map(\.time)), "by the packets' timestamps")
      try await play(movie, stage, seconds: 5)
    }

    /// When each full second of the camera's time is in the film, by the first picture after it: that picture lights
    /// the flash and says how many ms late it is.
    private static func seconds(_ frames: [Movie.Frame], at times: [Double]) -> [Double] {
      zip(zip(frames, frames.dropFirst()), times.dropFirst()).compactMap { pair, time in
        guard let before = pair.0.mark, let after = pair.1.mark else { return nil }
        guard after.milliseconds / 1000 > before.milliseconds / 1000, pair.1.isFlash, !pair.0.isFlash else {
          return nil
        }
        return time - Double(after.milliseconds % 1000) / 1000
      }
    }

    /// The timestamp at which a moment of the decoded samples is: a decoder leaves out the coder's lead-in.
    private static func time(of moment: Double, _ samples: Int, _ packets: [Movie.Packet]) -> Double {
      let leadIn = max(Double(packets.count) * packet - Double(samples) / 48_000, 0)
      let number = Int((moment + leadIn) / packet)
      guard packets.indices.contains(number) else { return .infinity }
      return packets[number].time + (moment + leadIn - Double(number) * packet)
    }

    private func expect(_ beeps: [Double], meet seconds: [Double], _ how: Comment) {
      #expect(seconds.count >= 5, how)
      // The first and the last may be without their partner, where one track begins or ends before the other.
      for second in seconds.dropFirst().dropLast() {
        let nearest = beeps.map { abs($0 - second) }.min() ?? .infinity
        #expect(nearest < Self.limit, how)
      }
    }

    private func play(_ movie: Movie, _ stage: Stage, seconds: Double) async throws {
      if Tool.isInstalled("mpv") {
        let mpv = try await Tool.outcome(
          "mpv",
          ["--no-config", "--vo=null", "--ao=null", "--ao-null-untimed", "--untimed", "--really-quiet", movie.path])
        #expect(mpv.status == 0, "\(mpv.errors)")
      }
      guard let chromium = ["chromium", "chromium-browser", "google-chrome"].first(where: { Tool.isInstalled($0) })
      else {
        print("SyncTests: no Chromium is installed, so its part was left out (apt-get install chromium)")
        return
      }
      let page = stage.path("player.html")
      try Player.page(of: movie.path).write(toFile: page, atomically: true, encoding: .utf8)
      // Headless Chromium has no end of its own, and its virtual time does not move media: the page says what happened
      // on its console, and `timeout` ends the browser.
      let browser = try await Tool.outcome(
        "timeout",
        [
          "30", chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
          "--autoplay-policy=no-user-gesture-required", "--enable-logging=stderr", "--v=0",
          "--user-data-dir=\(stage.path("chromium"))", "file://\(page)",
        ])
      let answer = String(browser.errors.split(separator: "\n").first { $0.contains("RESULT") } ?? "no answer")
      #expect(answer.contains("error=none"), "\(answer)")
      let reached = answer.firstMatch(of: /duration=([0-9.]+)/).flatMap { Double($0.1) } ?? 0
      #expect(reached > seconds, "\(answer)")
    }
  }
}

/// A page that plays a film through Media Source Extensions and writes down how far it came.
enum Player {
  static func page(of path: String) throws -> String {
    let film = try Data(contentsOf: URL(fileURLWithPath: path)).base64EncodedString()
    return """
      <!doctype html><video id="v" muted></video><script>
      const bytes = Uint8Array.from(atob("\(film)"), c => c.charCodeAt(0));
      const type = 'video/mp4; codecs="avc1.42C01F, opus"';
      const video = document.getElementById('v'), source = new MediaSource();
      const say = e => console.log(
        `RESULT error=${e} duration=${video.duration} at=${video.currentTime} supported=${MediaSource.isTypeSupported(type)}`);
      video.onerror = () => say(video.error.code + ' ' + video.error.message);
      source.onsourceopen = () => {
        const buffer = source.addSourceBuffer(type);
        buffer.onerror = () => say('buffer');
        buffer.onupdateend = () => { source.endOfStream(); video.playbackRate = 4; video.play(); };
        buffer.appendBuffer(bytes);
      };
      video.onended = () => say('none');
      video.src = URL.createObjectURL(source);
      </script>
      """
  }
}
