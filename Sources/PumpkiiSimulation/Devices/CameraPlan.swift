internal import PumpkiiCapture
internal import PumpkiiMedia

/// A camera's source, looked at when the device is made, so that a bad file is refused before anything runs.
struct CameraPlan: Sendable {
  private static let largestPhotograph = 32 << 20
  let format: VideoFormat
  private let profile: CameraProfile
  /// Of a film.
  private let film: (path: String, kind: FileKind)?
  /// Of a source that pans.
  private let photograph: PlanarImage?

  /// - Throws: ``SimulationError`` for files that cannot be played.
  init(_ profile: CameraProfile, of device: DeviceProfile) throws(SimulationError) {
    self.profile = profile
    switch profile.source {
    case .file(let file):
      let path = device.path(of: file)
      let (kind, format) = try FilmHead.read(path, fps: profile.fps)
      film = (path, kind)
      photograph = nil
      self.format = format
    case .pan(let image, _):
      film = nil
      photograph = try Self.decode(device.path(of: image))
      format = Self.format(profile)
    case .pattern:
      film = nil
      photograph = nil
      format = Self.format(profile)
    }
  }

  /// Makes the source for one session.
  /// - Parameter offset: device time at opening in ns: a film is joined where it would be by then.
  /// - Throws: ``CaptureError``.
  func open(at offset: UInt64) throws(CaptureError) -> any FrameSource {
    if let film { return try openFilm(film.path, film.kind, at: offset) }
    guard let painter = painter() else {
      throw CaptureError(.unreadable, "the camera has no picture", advice: "Check its profile.")
    }
    if format.pixels == .h264 {
      return CodedFrames(painter, format: format, bitrate: profile.bitrate, groupFrames: profile.groupFrames)
    }
    return PaintedFrames(painter, try FramePacker(format: format, quality: profile.quality))
  }

  /// What paints this camera's pictures, nil for a film.
  func painter() -> (any Painter)? {
    switch profile.source {
    case .file: nil
    case .pattern: PatternPainter(width: format.width, height: format.height)
    case .pan(_, let burnIn):
      photograph.map { PanPainter(photograph: $0, width: format.width, height: format.height, burnIn: burnIn) }
    }
  }

  private func openFilm(_ path: String, _ kind: FileKind, at offset: UInt64) throws(CaptureError) -> any FrameSource {
    let film: LoopingFilm
    do throws(SimulationError) { film = try FilmHead.film(try SourceFile(path), kind) } catch {
      throw CaptureError(error)
    }
    let first = UInt64((Double(offset) / 1e9 * format.rate.value).rounded())
    return try FilmFrames(film, first: first, snap: kind == .h264)
  }

  private static func format(_ profile: CameraProfile) -> VideoFormat {
    let pixels = VideoFormat.Pixels(rawValue: profile.format.rawValue) ?? .mjpeg
    return VideoFormat(
      pixels: pixels, width: profile.width, height: profile.height, rate: FrameRate.ratio(profile.fps ?? 25),
      fullRange: pixels.isCompressed)
  }

  private static func decode(_ path: String) throws(SimulationError) -> PlanarImage {
    let bytes = try SourceFile(path).read(at: 0, count: largestPhotograph)
    do throws(MediaError) {
      return try JPEGDecoder().decode(try JPEGCheck(bytes).bytes)
    } catch {
      throw SimulationError(
        .sourceDamaged, "\(path) is no JPEG photograph: \(error.reason)", advice: "Give a baseline JPEG file.")
    }
  }
}

/// Frame rates as people write them.
enum FrameRate {
  /// 29.97 is 30000/1001 and so on; else in thousandths.
  static func ratio(_ value: Double) -> VideoFormat.Ratio {
    if value == value.rounded() { return VideoFormat.Ratio(UInt32(max(value, 1))) }
    let whole = (value * 1.001).rounded()
    if abs(whole / 1.001 - value) < 0.006 { return VideoFormat.Ratio(UInt32(whole) * 1000, 1001) }
    return VideoFormat.Ratio(UInt32((max(value, 0.1) * 1000).rounded()), 1000)
  }
}
