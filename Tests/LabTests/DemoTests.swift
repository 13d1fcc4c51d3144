import Foundation
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// The demonstration on a camera that is really there, as far as the machine can tell.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct DemoTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("scripts/demo --camera auto takes the webcam and its microphone: a guest has film and sound, and misses none")
  func auto() async throws {
    let webcam = try Webcam { profile in
      // What an emulated processor codes in real time beside a relay with TLS; the only mode there is to choose.
      profile.camera?.modes = [CameraMode(format: .mjpeg, width: 160, height: 120, rates: [5])]
      profile.microphone = MicrophoneProfile(source: .tone, rate: 16_000)
    }
    try await webcam.plugged { device, arrivals in
      _ = try await arrivals.microphone(webcam.serial)
      let out = "\(Lab.kept)/demo"
      let outcome = try await Lab.script("demo --no-build --camera auto --seconds 16 --out \(out)")
      #expect(outcome.status == 0, "\(outcome.text)")
      try check(summary: out, outcome.text)
      let frames = try await Shell.run(
        "ffprobe -v error -select_streams v:0 -count_packets -show_entries stream=nb_read_packets,width -of csv=p=0 "
          + "\(out)/guest.mp4")
      let numbers = frames.split { !$0.isNumber }.compactMap { Int($0) }
      #expect(numbers.first == 160 && (numbers.last ?? 0) > 20, "\(frames)")
    }
    Balance().expectNoDeviceLeft()
  }

  /// Ten seconds of pictures, and one of sound.
  private static let mostCut = 50

  private func check(summary folder: String, _ said: String) throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/summary.json"))
    let summary = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    var lost = 0
    for track in ["video", "audio"] {
      let account = try #require(summary[track] as? [String: Any])
      let losses = try #require(account["lost_by"] as? [String: Int])
      // The viewer loses nothing that reached it; on a machine that stands still the agent's queue is full for a while, and
      // the relay cuts the guest off before the agent has heard of it.
      let watched = account["watched"] as? Int ?? 0
      #expect(losses["viewer"] == 0 && losses["agent_queue", default: watched] * 4 <= watched, "\(track): \(account)")
      #expect(losses["relay", default: 99] <= Self.mostCut, "\(track): \(account)")
      #expect(account["opened"] as? Int ?? 0 > 20, "\(track): \(account); \(said)")
      lost += account["lost"] as? Int ?? 0
    }
    #expect((summary["source"] as? [String: Any])?["width"] as? Int == 160, "\(summary)")
    #expect((summary["relay"] as? [String: Any])?["plaintext_hits"] as? Int == 0, "\(summary)")
    let watched = try String(contentsOfFile: "\(folder)/logs/watch.log", encoding: .utf8)
    // Between the two stands why each track ended, if the agent's word came before the relay's cut.
    let told = try #require(watched.split(separator: "\n").last { $0.hasPrefix("opened ") }, "\(watched.suffix(300))")
    // It misses what was lost before the last that it had, and nothing else.
    let missing = told.firstMatch(of: /; missing (\d+);/).flatMap { Int($0.1) }
    #expect(missing.map { $0 <= lost } == true && told.hasSuffix("; the right to watch ended"), "\(told)")
    #expect((summary["outputs"] as? [String: Any])?["photo"] is String, "no photo: \(said)")
  }
}
