import Foundation
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// A second reading of what a frame costs: `scripts/bench agent` measures on the host, with an interposer for a camera; here
/// is a real driver, and a processor that is emulated. A reading, not a limit.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct CostTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("the agent's CPU time a frame is read beside ustreamer's, on the same webcam, one after the other")
  func beside() async throws {
    let webcam = try Webcam { profile in
      profile.microphone = nil
      profile.camera?.modes = [CameraMode(format: .mjpeg, width: 320, height: 240, rates: [10])]
    }
    try await webcam.plugged { device, _ in
      let outcome = try await Lab.script("lab.d/cost \(device.path) \(Lab.kept)/cost")
      #expect(outcome.status == 0, "\(outcome.text)")
      let figures = try Self.figures("\(Lab.kept)/cost/figures")
      for contender in ["agent", "ustreamer"] {
        #expect(figures["\(contender)_frames", default: 0] > 20, "\(figures)")
        #expect(figures["\(contender)_us_per_frame", default: 0] > 0, "\(figures)")
      }
      #expect(figures["cpu_ratio", default: 0] > 0, "\(figures)")
      try Self.keep(figures)
    }
  }

  private static func figures(_ path: String) throws -> [String: Double] {
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    return lines.reduce(into: [:]) { figures, line in
      let words = line.split(separator: " ")
      if words.count == 2 { figures[String(words[0])] = Double(words[1]) }
    }
  }

  /// `scripts/lab` prints it.
  private static func keep(_ figures: [String: Double]) throws {
    func whole(_ key: String) -> Int { Int(figures[key, default: 0]) }
    let line =
      "CPU a frame, MJPEG 320×240 in the emulated machine: agent \(whole("agent_us_per_frame")) µs (\(whole("agent_frames")) "
      + "frames), ustreamer \(whole("ustreamer_us_per_frame")) µs (\(whole("ustreamer_frames")) frames), ratio "
      + "\(String(format: "%.2f", figures["cpu_ratio", default: 0]))\n"
    try line.write(toFile: "\(Lab.kept)/readings", atomically: false, encoding: .utf8)
  }
}
