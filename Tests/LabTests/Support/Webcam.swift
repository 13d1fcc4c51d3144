import PumpkiiALSA
import PumpkiiCapture
import PumpkiiSimulation
import PumpkiiV4L2

/// The emulated webcam on the machine's own USB, served by a thread while a scenario runs.
final class Webcam: Sendable {
  let device: EmulatedWebcam
  let serial: String

  /// - Parameters:
  ///   - port: of the virtual host controller.
  ///   - change: what a scenario wants to be different.
  init(port: Int = 0, serial: String = "LAB0001", _ change: (inout DeviceProfile) -> Void = { _ in }) throws {
    self.serial = serial
    var profile = DeviceProfile(name: "lab-webcam", camera: Webcam.camera(serial), microphone: Webcam.microphone)
    change(&profile)
    device = try EmulatedWebcam(profile, port: port)
  }

  /// Small pictures at a rate that an emulated processor keeps.
  private static func camera(_ serial: String) -> CameraProfile {
    let usb = USBProfile(serial: serial, productName: "Lab webcam", transfer: .bulk)
    return CameraProfile(
      format: .mjpeg, width: 320, height: 240, fps: 15,
      modes: [
        CameraMode(format: .mjpeg, width: 320, height: 240, rates: [15, 10]),
        CameraMode(format: .yuyv, width: 320, height: 240, rates: [15, 10]),
      ], usb: usb,
      controls: [ControlProfile(name: "brightness", minimum: 0, maximum: 255, standard: 128)], hasShutter: true)
  }

  private static let microphone = MicrophoneProfile(source: .speech, rates: [16_000, 48_000])

  /// The modules that the machine's drivers are.
  static func loadDrivers() async throws {
    for module in ["vhci-hcd", "uvcvideo", "snd-usb-audio"] { try await KernelModule.load(module) }
  }

  /// Plugs it in and serves it until `body` ends; then it is pulled out, whatever happens.
  /// - Parameter body: gets the camera as the machine sees it.
  func plugged(_ body: (V4L2Device, Arrivals) async throws -> Void) async throws {
    try await Arrivals.with { arrivals in
      try await served {
        try await body(try await arrivals.camera("uvcvideo", serial), arrivals)
      }
      try await arrivals.noDevice(serial)
    }
  }

  /// Plugs in a webcam that is a microphone alone, so that pictures cost nothing.
  static func asMicrophone(
    drift: Double = 0, _ body: (Webcam, ALSADevice, Arrivals) async throws -> Void
  ) async throws {
    let webcam = try Webcam { profile in
      profile.camera = nil
      profile.microphone = MicrophoneProfile(
        source: .speech, clock: ClockQuality(driftPPM: drift), rates: [16_000, 48_000])
    }
    try await Arrivals.with { arrivals in
      try await webcam.served {
        // A profile without a camera has no serial of its own.
        let device = try await arrivals.microphone("usb-")
        try await body(webcam, device, arrivals)
      }
    }
  }

  /// What an emulated processor can seal in real time.
  static func modestCamera(_ device: V4L2Device) -> V4L2Camera {
    V4L2Camera(device, wish: CameraWish(width: 320, height: 240, rate: 10, pixels: .mjpeg, use: .jpeg))
  }

  /// Attaches and serves while `body` runs.
  func served(_ body: () async throws -> Void) async throws {
    try device.attach()
    let serving = Task { [device] in await device.serve() }
    do {
      try await body()
    } catch {
      device.detach()
      await serving.value
      throw Lab.Obstacle("\(error); the webcam's last words: \(device.log.events.suffix(12))")
    }
    device.detach()
    await serving.value
  }

  /// Waits until the webcam says so.
  func wait(for what: String, _ condition: @escaping @Sendable ([WebcamLog.Event]) -> Bool) async throws {
    guard await Patience.limited({ [device] in await device.log.wait(until: condition) }) == true else {
      throw Lab.Obstacle("the webcam never said \(what): \(device.log.events.suffix(12))")
    }
  }

  /// Frames that went over the bus; complete once the camera is closed.
  var framesSent: Int {
    device.log.events.reduce(0) { sum, event in
      if case .videoStopped(let frames, _) = event { sum + Int(frames) } else { sum }
    }
  }

  /// How often its video was started.
  var openings: Int { device.log.events.count { if case .videoStarted = $0 { true } else { false } } }

  /// Units that a fault befell.
  func befallen(_ kind: Fault.Kind) -> Int {
    Set(device.log.events.compactMap { if case .fault(kind, let unit) = $0 { unit } else { nil } }).count
  }
}
