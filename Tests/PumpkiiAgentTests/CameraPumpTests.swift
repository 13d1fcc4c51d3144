import PumpkiiAgent
import PumpkiiCapture
import PumpkiiMedia
import PumpkiiPolicy
import PumpkiiSystem
import PumpkiiWire
import Testing

/// What was allowed when it was begun and is not when it is done: the gate is asked last, of pictures that stand alone too.
@Suite struct CameraPumpTests {
  private static let all: Set<Flag> = [.sensorCamera, .sharePhoto, .shareVideo]

  private func pump(
    _ bench: Bench, _ camera: StillCamera, photos: PhotoDesk = PhotoDesk(interval: nil), preview: PreviewDesk? = nil
  ) -> CameraPump {
    var settings = VideoSettings()
    settings.mode = .mjpeg
    return CameraPump(
      camera: camera,
      context: CameraPump.Context(
        gate: bench.gate, desk: bench.desk, attendant: bench.attendant, account: bench.account, photos: photos,
        report: bench.report, preview: preview
      ) { [settings] format throws(MediaError) in try VideoProcessor(format: format, settings: settings) })
  }

  /// Photos that wait for the relay once a camera was told to take one, and `midway` happened while it was taken.
  private func photos(_ midway: @escaping @Sendable (Bench) -> Void) throws -> Int {
    let bench = Bench(allowed: Self.all)
    try bench.beginEpoch()
    bench.outbox.open()
    bench.watch(ClassMask(.photo))
    let photos = PhotoDesk(interval: nil, size: .full)
    let client = try ClientID([UInt8](repeating: 7, count: 16))
    #expect(photos.wish(of: client) == .taken)
    let camera = StillCamera { midway(bench) }
    #expect(pump(bench, camera, photos: photos).run() == nil)
    var parser = WireItemParser()
    while let bytes = bench.outbox.take() { parser.append(bytes) }
    var count = 0
    while let item = try parser.next() {
      if case .object(let header, _) = item, header.mediaClass == .photo, header.flags.contains(.randomAccess) {
        count += 1
      }
    }
    return count
  }

  @Test func aPhotoThatIsHalfTakenWhenItsPermissionGoesIsDropped() throws {
    #expect(try photos { $0.attendant.camera.set(false) } == 1, "one that nobody withdraws is sealed")
    #expect(try photos { $0.standing.set(Bench.standing([])) } == 0)
  }

  @Test func aPhotoIsNoneOfARecordingsBusiness() throws {
    // The gate clears it for the recording alone; that makes no photo of it.
    #expect(
      try photos { bench in
        bench.standing.set(Bench.standing([.sensorCamera, .recordLocal]))
        bench.attendant.camera.set(false)
      } == 0)
  }

  @Test(arguments: [false, true])
  func aPreviewsPictureThatIsHalfMadeWhenItsPermissionGoesIsNotShown(isWithdrawn: Bool) throws {
    let bench = Bench(allowed: Self.all)
    try bench.beginEpoch()
    bench.attendant.setConnected(true)
    bench.attendant.update { $0.previewPicture = true }
    // Asked between the two questions to the gate. This desk lets everything through: the gate alone is left.
    let preview = PreviewDesk(rate: 30) {
      if isWithdrawn { bench.standing.set(Bench.standing([])) } else { bench.attendant.camera.set(false) }
      return nil
    }
    let seat = try #require(preview.join(.snapshot))
    #expect(pump(bench, StillCamera {}, preview: preview).run() == nil)
    var isShown = false
    if case .item = preview.next(seat) { isShown = true }
    #expect(isShown != isWithdrawn)
  }
}

/// A camera of a small grey picture, which has no larger one: asked for it, it does something else first.
private final class StillCamera: Camera, CameraSession {
  let identity = SensorIdentity(kind: .camera, id: "still", name: "Still camera")
  let format = VideoFormat(pixels: .yuyv, width: 64, height: 48, bytesPerLine: 128, rate: VideoFormat.Ratio(30))
  private let frames = Published<UInt32>(0)
  private let midway: @Sendable () -> Void

  init(_ midway: @escaping @Sendable () -> Void) { self.midway = midway }

  func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession { self }

  func next(timeout _: Duration) throws(CaptureError) -> CapturedFrame? {
    frames.update { $0 += 1 }
    return CapturedFrame(
      sequence: frames.value, timestamp: Clocks.monotonic(), bytes: [UInt8](repeating: 128, count: 64 * 48 * 2))
  }

  func takeStill() throws(CaptureError) -> CapturedStill? {
    midway()
    return nil
  }

  var counters: CaptureCounters { CaptureCounters() }
  func interrupt() {}
  func close() -> UInt64 { UInt64(frames.value) }
  func readShutter() -> Bool? { nil }
}
