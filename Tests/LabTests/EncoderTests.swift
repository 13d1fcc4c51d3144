import PumpkiiCapture
import PumpkiiSystem
import PumpkiiV4L2
import Testing

/// `vicodec`, the kernel's model of a stateful encoder: its queues are those of every memory-to-memory encoder, what it
/// codes is no H.264. It is not among Debian's modules; `scripts/lab` builds it from Debian's source.
@Suite(.serialized, .inTheLab, .timeLimit(.minutes(5))) struct EncoderTests {
  private static let format = VideoFormat(pixels: .nv12, width: 640, height: 480, rate: VideoFormat.Ratio(15))

  private func with(_ options: String = "", _ body: (EncoderDescription) async throws -> Void) async throws {
    try await KernelModule.with("vicodec", options) {
      try await Arrivals.with { arrivals in
        let found = try await arrivals.wait(for: "an encoder") {
          EncoderFinder.find(kernel: LinuxKernel(), directory: V4L2Directory(), coding: .fwht).first
        }
        try await body(found)
      }
    }
    Balance().expectNoDeviceLeft()
  }

  private static func settings(_ route: M2MSettings.Route) -> M2MSettings {
    let limits = EncoderLimits(opening: 10_000_000_000, firstPicture: 10_000_000_000, picture: 5_000_000_000)
    return M2MSettings(bitrate: 1_000_000, groupPictures: 10, route: route, limits: limits)
  }

  @Test("checklist 44: an encoder is found by what it makes, never by its name; this one makes no H.264") func found()
    async throws
  {
    try await with { encoder in
      #expect(encoder.coding == .fwht && encoder.layouts.contains(.nv12), "\(encoder)")
      #expect(EncoderFinder.find(kernel: LinuxKernel(), directory: V4L2Directory()).isEmpty)
      #expect(V4L2Directory().list().allSatisfy { !$0.isCamera }, "no camera among its nodes (checklist 2)")
    }
  }

  @Test(
    "checklist 45, 46: pictures are coded in order, each with its own time, the last one too",
    arguments: ["", "multiplanar=1"])
  func copies(options: String) async throws {
    try await with(options) { encoder in
      let outcome = await DeviceThread.run(named: "encoder") { Result { try Self.encode(20, with: encoder) } }
      let pictures = try outcome.get()
      #expect(pictures.count == 20)
      #expect(pictures.map(\.timestamp) == (0..<20).map { 1_000_000_000 + $0 * 66_000_000 })
      #expect(pictures.allSatisfy { $0.bytes.count > 100 })
      #expect(pictures[0].isIDR)
    }
  }

  private static func encode(_ count: Int, with encoder: EncoderDescription) throws(CaptureError) -> [EncodedPicture] {
    let machine = try M2MEncoder(encoder, format: format, settings: settings(.mmap), kernel: LinuxKernel())
    defer { machine.close() }
    var pictures: [EncodedPicture] = []
    for number in 0..<count {
      let luma = (0..<640 * 480).map { UInt8(truncatingIfNeeded: $0 % 640 / 3 + number * 5) }
      let frame = CapturedFrame(
        sequence: UInt32(number), timestamp: 1_000_000_000 + UInt64(number) * 66_000_000,
        bytes: luma + [UInt8](repeating: 128, count: 640 * 240))
      if let picture = try machine.encode(frame, forceIDR: false) { pictures.append(picture) }
    }
    return pictures + (try machine.finish())
  }

  @Test(
    "checklist 47: a camera's own buffers go into the encoder by descriptor, and no descriptor stays open",
    arguments: [1, 2])
  func descriptors(multiplanar: Int) async throws {
    try await with("multiplanar=\(multiplanar - 1)") { encoder in
      try await KernelModule.with("vivid", "n_devs=1 num_inputs=1 input_types=0 multiplanar=\(multiplanar)") {
        try await Arrivals.with { arrivals in
          let device = try await arrivals.camera("vivid")
          let wish = CameraWish(width: 640, height: 480, rate: 10, pixels: .nv12, use: .raw, lendsBuffers: true)
          let camera = V4L2Camera(device, wish: wish)
          let outcome = await DeviceThread.run(named: "encoder") { Result { try Self.chain(camera, encoder) } }
          #expect(try outcome.get() == 15)
        }
      }
    }
  }

  private static func chain(_ camera: V4L2Camera, _ encoder: EncoderDescription) throws(CaptureError) -> Int {
    let session = try camera.open()
    defer { session.close() }
    let machine = try M2MEncoder(encoder, format: session.format, settings: settings(.dmabuf), kernel: LinuxKernel())
    defer { machine.close() }
    var count = 0
    for _ in 0..<15 {
      guard let frame = try session.next(timeout: .seconds(5)) else { continue }
      if let picture = try machine.encode(frame, forceIDR: false), picture.bytes.count > 100 { count += 1 }
    }
    return count + (try machine.finish()).count
  }
}
