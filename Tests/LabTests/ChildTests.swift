import Foundation
import PumpkiiAgent
import PumpkiiCapture
import PumpkiiClient
import Testing

/// A camera that codes H.264 itself. No driver that the lab has gives H.264 (a webcam of UVC 1.0 cannot), so the one here
/// is a board camera's program: it shows the pass-through, the start under a lease and the end of the program, not a
/// driver's H.264 buffers.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct ChildTests {
  private static let program = "/usr/bin/rpicam-vid"

  /// A program of that name that takes a film, not a sensor.
  private func install() throws {
    // It is started without our environment.
    let script = """
      #!/bin/sh
      LD_LIBRARY_PATH=\(Lab.programs) exec \(Lab.programs)/ffmpeg -nostdin -v error -re \
        -f lavfi -i testsrc2=size=320x240:rate=10 -threads 1 -c:v libx264 -preset ultrafast -tune zerolatency -g 20 \
        -pix_fmt yuv420p -f h264 -
      """
    try script.write(toFile: Self.program, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: Self.program)
  }

  @Test("H.264 of the camera's own passes the agent as it is, and its program runs only while somebody may watch")
  func passThrough() async throws {
    try install()
    let camera = try CameraChoice("rpicam").camera(CameraWish(width: 320, height: 240, rate: 10))
    #expect(try await running() == 0)
    try await Household.with(Household.Plan(camera: camera)) { household in
      #expect(try await running() == 0, "nobody watches yet")
      let viewer = try household.watch()
      try await viewer.wait(for: 25, more: .video)
      try await wait(forPrograms: 1, "somebody watches")
      _ = try await household.camera.setPermissions(["sensor.camera": false])
      try await household.log.wait(for: "camera closed")
      try await wait(forPrograms: 0, "denial ends the program")
      #expect(await viewer.stop().refusals == [])
    } after: { household in
      try Accounts.expectBalanced(household, "video")
      #expect(household.video.current.dropped[.encoder, default: 0] == 0, "nothing was coded again")
    }
  }

  /// One that was held for a second is taken for frozen, and another is started.
  private func wait(forPrograms count: Int, _ why: Comment) async throws {
    for _ in 0..<60 {
      if try await running() == count { return }
      try await Task.sleep(for: .milliseconds(500))
    }
    #expect(try await running() == count, why)
  }

  /// Programs of ours that read the film, zombies included.
  private func running() async throws -> Int {
    let text = try await Shell.run("ps -o args | grep '[t]estsrc2' | wc -l")
    return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? -1
  }
}
