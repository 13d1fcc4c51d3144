package import PumpkiiCapture
internal import PumpkiiMedia

/// A camera's source, looked at when the device is made, so that a bad file is refused before anything runs.
package struct CameraPlan: Sendable {
  private static let largestPhotograph = 32 << 20
  /// Of the first mode.
  package let format: VideoFormat
  private let profile: CameraProfile
  /// Of a film.
  private let film: (path: String, kind: FileKind)?
  /// Of a source that pans.
  private let photograph: PlanarImage?

  /// Looks at the source.
  /// - Throws: ``SimulationError`` for files that cannot be played.
  package init(_ profile: CameraProfile, of device: DeviceProfile) throws(SimulationError) {
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
      format = CameraMode(profile).videoFormat
    case .pattern:
      film = nil
      photograph = nil
      format = CameraMode(profile).videoFormat
    }
  }

  /// All modes, the first one is that of ``format``.
  package var modes: [CameraMode] {
    guard film != nil else { return profile.modes }
    let kind = CameraProfile.Format(rawValue: format.pixels.rawValue) ?? .mjpeg
    return [CameraMode(format: kind, width: format.width, height: format.height, rates: [format.rate.value])]
  }

  /// The mode of the largest photo, where it is larger than the first mode's; a coded one before a raw one.
  var largestStill: CameraMode? {
    guard film == nil else { return nil }
    let pictures = (profile.stillModes + profile.modes).filter { $0.format != .h264 }
    let largest = pictures.max { left, right in
      (left.area, left.format == .mjpeg ? 1 : 0) < (right.area, right.format == .mjpeg ? 1 : 0)
    }
    return largest.flatMap { $0.area > format.width * format.height ? $0 : nil }
  }

  /// Makes the source for one session in the first mode.
  /// - Parameter offset: device time at opening in ns: a film is joined where it would be by then.
  /// - Throws: ``CaptureError``.
  func open(at offset: UInt64) throws(CaptureError) -> any FrameSource { try open(format, at: offset) }

  /// What paints this camera's pictures, nil for a film.
  func painter() -> (any Painter)? { painter(format) }

  private func open(_ format: VideoFormat, at offset: UInt64) throws(CaptureError) -> any FrameSource {
    if let film { return try openFilm(film.path, film.kind, at: offset) }
    guard let painter = painter(format) else {
      throw CaptureError(.unreadable, "the camera has no picture", advice: "Check its profile.")
    }
    if format.pixels == .h264 {
      return CodedFrames(painter, format: format, bitrate: profile.bitrate, groupFrames: profile.groupFrames)
    }
    return PaintedFrames(painter, try FramePacker(format: format, quality: profile.quality))
  }

  private func painter(_ format: VideoFormat) -> (any Painter)? {
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

extension CameraPlan {
  /// Makes the source for one session in a mode: the highest of the mode's rates.
  /// - Parameter offset: device time at opening in ns.
  /// - Throws: ``CaptureError``; `unsupported` for a mode that a film does not have.
  package func open(mode: CameraMode, at offset: UInt64) throws(CaptureError) -> any FrameSource {
    guard film != nil else { return try open(mode.videoFormat, at: offset) }
    guard modes.contains(where: { $0.isSamePicture(as: mode) }) else {
      throw CaptureError(.unsupported, "a film has one size in one format", advice: "Ask for that one.")
    }
    return try open(at: offset)
  }
}

extension CameraMode {
  /// The camera's first mode at the rate it has when nobody asks for another.
  init(_ profile: CameraProfile) {
    self.init(format: profile.format, width: profile.width, height: profile.height, rates: [profile.fps ?? 25])
  }

  /// What a program sees of this mode at its highest rate.
  var videoFormat: VideoFormat {
    let pixels = VideoFormat.Pixels(rawValue: format.rawValue) ?? .mjpeg
    return VideoFormat(
      pixels: pixels, width: width, height: height, rate: FrameRate.ratio(rates.first ?? 25),
      fullRange: pixels.isCompressed)
  }
}
