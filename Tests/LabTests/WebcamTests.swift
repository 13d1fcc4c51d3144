import Glibc
import PumpkiiALSA
import PumpkiiCapture
import PumpkiiSimulation
import PumpkiiSystem
import PumpkiiV4L2
import Testing

/// The emulated webcam behind the machine's own `uvcvideo` and `snd-usb-audio`.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct WebcamTests {
  init() async throws { try await Webcam.loadDrivers() }

  /// How a camera may be asked.
  struct Way: Sendable, CustomTestStringConvertible {
    let pixels: VideoFormat.Pixels
    let transfer: USBProfile.Transfer
    var testDescription: String { "\(pixels.rawValue), \(transfer.rawValue)" }
  }

  static let ways = [
    Way(pixels: .mjpeg, transfer: .bulk), Way(pixels: .mjpeg, transfer: .isochronous),
    Way(pixels: .yuyv, transfer: .bulk),
  ]

  @Test("a webcam's frames come whole over the bus", arguments: ways) func framesComeWhole(way: Way) async throws {
    let webcam = try Webcam { $0.camera?.usb.transfer = way.transfer }
    try await webcam.plugged { device, _ in
      let recording = Recording(
        V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: way.pixels)))
      try await recording.wait(frames: 30)
      let state = await recording.stop()
      #expect(state.format?.pixels == way.pixels)
      #expect((state.format?.width, state.format?.height) == (320, 240))
      #expect(state.unaccounted == 0, "\(state.counters), made \(state.made ?? 0)")
      if way.pixels == .mjpeg {
        #expect(state.newest.starts(with: [0xFF, 0xD8]) && state.newest.suffix(2) == [0xFF, 0xD9])
      } else {
        #expect(state.newest.count == 320 * 240 * 2)
      }
      // One that was on its way when the camera closed is nobody's.
      try await webcam.wait(for: "the end of the stream") {
        $0.contains { if case .videoStopped = $0 { true } else { false } }
      }
      try expectMade(state, webcam)
    }
    Balance().expectNoDeviceLeft()
  }

  /// As many as went over the bus, but for those that were sent since the last was taken: nobody asks for them any more.
  private func expectMade(_ state: PictureRecord, _ webcam: Webcam) throws {
    let isEnd = { (entry: WebcamLog.Entry) in if case .videoStopped = entry.event { true } else { false } }
    let end = try #require(webcam.device.log.entries.last(where: isEnd)).time
    let last = try #require(state.frames.last).timestamp
    let since = Int((end - min(last, end)) * 15 / 1_000_000_000)
    let estimated = Int(state.counters.lost[.recovery, default: 0])
    let rest = webcam.framesSent - Int(state.made ?? 0)
    #expect((-4 - estimated...4 + since + estimated).contains(rest), "\(webcam.framesSent) against \(state.made ?? 0)")
  }

  @Test(
    "checklist 1, 3: a webcam is named by what it is and where it is plugged in, and only its picture node captures")
  func identity() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      #expect(device.identity.id.hasPrefix("usb-1209-0001-LAB0001-"), "\(device.identity.id)")
      #expect(device.identity.id.contains("vhci_hcd"), "\(device.identity.id)")
      let mine = V4L2Directory().list().filter { $0.driver == "uvcvideo" }
      #expect(mine.count == 2, "\(mine)")
      #expect(mine.filter(\.isCamera).count == 1)
    }
  }

  @Test("two cameras and two microphones at once lose nothing") func twoAtOnce() async throws {
    try await Unhurried.expect("nothing is lost") { try await two() }
  }

  private func two() async throws -> Unhurried.Outcome {
    nonisolated(unsafe) var lost: [CaptureCounters] = []
    let (left, right) = (try Webcam(serial: "LEFT"), try Webcam(port: 1, serial: "RIGHT"))
    try await left.plugged { first, arrivals in
      try await right.plugged { second, _ in
        let wish = CameraWish(width: 320, height: 240, rate: 10, pixels: .mjpeg)
        let pictures = [first, second].map { Recording(V4L2Camera($0, wish: wish)) }
        let sounds = [try await arrivals.microphone("LEFT"), try await arrivals.microphone("RIGHT")].map {
          SoundRecording(ALSAMicrophone($0, wish: MicrophoneWish(sampleRate: 16_000)))
        }
        for picture in pictures { try await picture.wait(frames: 25) }
        for sound in sounds { try await sound.wait(milliseconds: 1000) }
        for picture in pictures {
          let state = await picture.stop()
          if state.counters.totalLost > 3 { unsafe lost.append(state.counters) }
          #expect(state.unaccounted == 0)
        }
        for sound in sounds {
          let state = await sound.stop()
          if !state.counters.recoveries.isEmpty { unsafe lost.append(state.counters) }
          #expect(state.peak > 500, "\(state.counters)")
        }
      }
    }
    return Unhurried.Outcome(isCalm: unsafe lost.isEmpty, said: unsafe "\(lost)")
  }

  @Test("checklist 14: a camera that another program streams from is busy, and the advice names the program")
  func busy() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      // For longer than a machine stands still.
      async let other = Shell.outcome(
        "exec v4l2-ctl -d \(device.path) --set-fmt-video=width=320,height=240,pixelformat=MJPG --stream-mmap "
          + "--stream-count=225")
      try await webcam.wait(for: "the other program's stream") {
        $0.contains { if case .videoStarted = $0 { true } else { false } }
      }
      let recording = Recording(V4L2Camera(device, wish: CameraWish(pixels: .mjpeg)))
      let state = try await recording.end()
      #expect(state.error?.code == .busy, "\(state)")
      #expect(state.error.map { "\($0)" }?.contains("v4l2-ctl") == true, "\(state.error.map { "\($0)" } ?? "")")
      #expect(await other.status == 0, "the other program was not disturbed")
    }
  }

  @Test("a camera of a group that we are not in says which group") func wrongGroup() async throws {
    let webcam = try Webcam()
    try await webcam.plugged { device, _ in
      try await Shell.run("chown root:video \(device.path) && chmod 0660 \(device.path)")
      let camera = V4L2Camera(device, wish: CameraWish(pixels: .mjpeg))
      // Root is above all modes, so the thread's call is made as nobody. The whole process becomes it for a moment.
      let error = await DeviceThread.run(named: "nobody") { () -> CaptureError? in
        guard seteuid(65_534) == 0 else { return nil }
        defer { _ = seteuid(0) }
        do throws(CaptureError) {
          try camera.open().close()
          return nil
        } catch {
          return error
        }
      }
      #expect(error?.code == .noPermission, "\(error.map { "\($0)" } ?? "it opened")")
      #expect(error.map { "\($0)" }?.contains("video") == true)
    }
  }

  @Test(
    "checklist 14: a camera that does not answer control transfers is told as failing, and works when it answers again")
  func controlStall() async throws {
    let webcam = try Webcam { profile in
      profile.camera?.faults = [Fault(.controlStall, at: 3)]
    }
    try await webcam.plugged { device, _ in
      let camera = V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 15, pixels: .mjpeg))
      let first = Recording(camera)
      try await first.wait(frames: 10)
      #expect(await first.stop().error == nil, "the stream itself goes on")
      var openings = 0
      var frames = 0
      while openings < 4, frames < 5 {
        openings += 1
        let again = Recording(camera)
        frames = ((try? await again.wait(frames: 5)) ?? again.now).frames.count
        let state = await again.stop()
        if let error = state.error { #expect([.failed, .frozen, .gone].contains(error.code), "\(error)") }
      }
      #expect(frames >= 5, "it never came back")
    }
  }
}
