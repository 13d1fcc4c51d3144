import Foundation
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import PumpkiiSimulation
import PumpkiiV4L2
import Testing

/// A webcam that codes H.264 itself: frame-based video over the bus, the kernel's own `uvcvideo`, the whole agent.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct PassThroughTests {
  init() async throws { try await Webcam.loadDrivers() }

  @Test("a webcam's H.264 comes to the viewer as the camera coded it, byte for byte, and nothing is coded again")
  func h264() async throws {
    try await Lab.withFolder { folder in
      let film = "\(folder)/film.h264"
      try await Shell.run(
        "ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x240:rate=10 -frames:v 100 -threads 1 -c:v libx264 "
          + "-preset ultrafast -tune zerolatency -g 10 -pix_fmt yuv420p -f h264 \(film)")
      let webcam = try Webcam { profile in
        profile.microphone = nil
        profile.camera?.source = .file(film)
        profile.camera?.modes = [CameraMode(format: .h264, width: 320, height: 240, rates: [10])]
      }
      try await webcam.plugged { device, _ in
        try await pass(device, Data(contentsOf: URL(fileURLWithPath: film)))
      }
    }
    Balance().expectNoDeviceLeft()
  }

  private func pass(_ device: V4L2Device, _ film: Data) async throws {
    let wish = CameraWish(width: 320, height: 240, rate: 10, pixels: .h264)
    try await Household.with(Household.Plan(camera: V4L2Camera(device, wish: wish))) { household in
      let viewer = try household.watch()
      try await viewer.wait(for: 30, more: .video)
      let record = await viewer.stop()
      #expect(record.refusals == [])
      let slices = record.chunks(.video).flatMap { Self.slices($0.payload) }
      #expect(slices.count >= 30)
      #expect(slices.allSatisfy { film.range(of: $0) != nil }, "a slice is not the camera's")
      #expect(record.chunks(.video).first?.isRandomAccess == true)
    } after: { household in
      let ledger = try household.ledger
      #expect(household.video.current.dropped[.encoder, default: 0] == 0, "nothing was coded again")
      #expect(ledger.outcomes("video")["dropped decode"] == nil, "\(ledger.outcomes("video"))")
      try Accounts.expectBalanced(household, "video")
    }
  }

  /// Coded pictures in a chunk's `mdat`, where each has its length in front.
  private static func slices(_ chunk: [UInt8]) -> [Data] {
    let data = Data(chunk)
    guard let start = data.range(of: Data("mdat".utf8))?.upperBound else { return [] }
    var (slices, at): ([Data], Int) = ([], start)
    while at + 4 < data.count {
      let length = data[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      let unit = data[(at + 4)..<min(at + 4 + length, data.count)]
      if let kind = unit.first.map({ $0 & 31 }), kind == 1 || kind == 5 { slices.append(unit) }
      at += 4 + length
    }
    return slices
  }
}
