package import PumpkiiCapture

/// From a camera's frames to the chunks of a CMAF track. Confined to one thread.
package final class VideoProcessor {
  /// The CMAF header, once the pictures' parameters are known; another one when they change.
  package private(set) var initialization: [UInt8]?
  /// Of the pictures that leave; even where they are encoded here.
  package private(set) var outputSize: (width: Int, height: Int)
  /// Frames that became no chunk, by reason.
  package private(set) var dropped: [DropReason: UInt64] = [:]
  /// Pictures whose Huffman tables were missing.
  package private(set) var mended: UInt64 = 0
  /// Frame intervals that a sample claims to last. A player's Media Source drops everything up to the next random access
  /// point when a frame comes later than twice the claimed duration of the one before (W3C MSE, coded frame processing),
  /// and an encoder that keeps its bitrate skips frames. Where nothing is skipped the next frame simply takes over.
  private static let patience: UInt64 = 3
  private let format: VideoFormat
  private let settings: VideoSettings
  private let route: Route
  private let pictures: PictureSource?
  private var encoder: H264Encoder?
  private var packager = H264Packager()
  private var chunks = ChunkWriter()
  private var photographer: JPEGEncoder?
  private var described: TrackDescription?
  private var lastTicks: UInt64?
  private var groupStart: UInt64?

  private enum Route { case passH264, passJPEG, encodeH264, encodeJPEG }

  /// - Throws: ``MediaError`` `unsupported` or `codecFailed`.
  package init(format: VideoFormat, settings: VideoSettings) throws(MediaError) {
    guard (0...16384).contains(format.width), (0...16384).contains(format.height) else {
      throw MediaError(
        .unsupported, "\(format.width)×\(format.height) is not a picture", advice: "Choose another size.")
    }
    self.format = format
    self.settings = settings
    switch (format.pixels, settings.mode) {
    case (.h264, _): route = .passH264
    case (.mjpeg, .mjpeg): route = .passJPEG
    case (_, .mjpeg): route = .encodeJPEG
    case (_, .h264): route = .encodeH264
    }
    pictures = route == .passH264 ? nil : try PictureSource(format: format)
    let crops = route == .encodeH264 || route == .encodeJPEG
    outputSize = crops ? (format.width & ~1, format.height & ~1) : (format.width, format.height)
  }

  /// A line for people when odd sides lose their last column or row.
  package var cropNotice: String? {
    guard route == .encodeH264 || route == .encodeJPEG, (format.width | format.height) & 1 == 1 else { return nil }
    let even = "\(outputSize.width)×\(outputSize.height)"
    return "\(format.width)×\(format.height) is cropped to \(even): H.264 needs even sides"
  }

  /// Takes one frame.
  /// - Parameters:
  ///   - decodeTime: ns on the track's own clock, never decreasing.
  ///   - randomAccess: asks for a picture that stands alone; a camera that encodes gives one when it likes.
  /// - Throws: ``MediaError`` `reordered`, `interlaced` or `codecFailed`; a damaged frame is a drop, no error.
  package func process(
    _ frame: CapturedFrame, at decodeTime: UInt64, randomAccess: Bool
  ) throws(MediaError) -> VideoResult {
    do throws(MediaError) {
      switch route {
      case .passH264: return try pass(h264: frame, at: decodeTime)
      case .passJPEG: return try pass(jpeg: frame, at: decodeTime)
      case .encodeH264: return try encode(frame, at: decodeTime, randomAccess: randomAccess)
      case .encodeJPEG:
        let jpeg = try still(frame)
        return emit(jpeg, description: jpegDescription(outputSize), at: decodeTime, independent: true)
      }
    } catch {
      guard error.code == .badPicture else { throw error }
      return drop(.decode)
    }
  }

  /// A JPEG of the frame: the camera's own bytes, mended, where it gives JPEG; of the newest IDR where it gives H.264.
  /// - Throws: ``MediaError`` `badPicture`, `noPicture` or `codecFailed`.
  package func still(_ frame: CapturedFrame) throws(MediaError) -> [UInt8] {
    if format.pixels == .mjpeg {
      guard let pictures else { return frame.bytes }
      let checked = try JPEGCheck(frame.bytes)
      _ = try pictures.decode(checked.bytes)
      return checked.bytes
    }
    let photographer = try readyPhotographer()
    if let pictures { return try photographer.encode(pictures.picture(frame.bytes)) }
    var own = packager
    _ = try? own.sample(frame.bytes)
    guard let unit = own.newestIDR else {
      throw MediaError(
        .noPicture, "the camera has not sent a whole picture yet", advice: "Try again in a few seconds.")
    }
    return try photographer.encode(
      H264Still.decode(unit, fullRange: own.parameters?.colour?.fullRange ?? format.fullRange))
  }

  private func pass(h264 frame: CapturedFrame, at time: UInt64) throws(MediaError) -> VideoResult {
    guard let sample = try packager.sample(frame.bytes), let description = packager.description else {
      return drop(.decode)
    }
    return emit(sample.bytes, description: description, at: time, independent: sample.idr)
  }

  private func pass(jpeg frame: CapturedFrame, at time: UInt64) throws(MediaError) -> VideoResult {
    let checked = try JPEGCheck(frame.bytes)
    if checked.mendedTables { mended += 1 }
    let size = (checked.width, checked.height)
    if let described, size != (described.width, described.height) { return drop(.decode) }
    return emit(checked.bytes, description: jpegDescription(size), at: time, independent: true)
  }

  private func encode(
    _ frame: CapturedFrame, at time: UInt64, randomAccess: Bool
  ) throws(MediaError) -> VideoResult {
    guard let pictures else { return drop(.decode) }
    let image = try pictures.picture(frame.bytes)
    if pictures.wasMended { mended += 1 }
    let encoder = try readyEncoder(for: image)
    guard (image.width, image.height) == (encoder.width, encoder.height) else { return drop(.decode) }
    let group = UInt64(max(settings.groupSeconds, 0.1) * 1e9)
    let groupOver = groupStart.map { time &- $0 &+ format.frameDuration / 2 >= group } ?? true
    let output = try encoder.encode(
      image, milliseconds: Int64(time / 1_000_000), forceIDR: randomAccess || groupOver)
    guard case .unit(let bytes, let idr) = output else { return drop(.encoder) }
    if idr { groupStart = time }
    guard let sample = try packager.sample(bytes), let description = packager.description else {
      throw MediaError(.codecFailed, "OpenH264 gave no picture that stands alone", advice: "Restart the camera.")
    }
    return emit(sample.bytes, description: description, at: time, independent: sample.idr)
  }

  /// The first picture decides the size: some cameras answer one size and send another.
  private func readyEncoder(for image: PlanarImage) throws(MediaError) -> H264Encoder {
    if let encoder { return encoder }
    let made = try H264Encoder(
      width: image.width, height: image.height, rate: format.rate.value,
      bitrate: settings.bitrate(width: image.width, height: image.height, rate: format.rate.value),
      fullRange: image.fullRange, sampleAspect: format.sampleAspect)
    encoder = made
    return made
  }

  private func readyPhotographer() throws(MediaError) -> JPEGEncoder {
    if let photographer { return photographer }
    let made = try JPEGEncoder(quality: settings.photoQuality)
    photographer = made
    return made
  }

  private func jpegDescription(_ size: (width: Int, height: Int)) -> TrackDescription {
    TrackDescription(
      entry: .mjpeg, width: size.width, height: size.height,
      aspect: (format.sampleAspect.numerator, format.sampleAspect.denominator),
      colour: .init(fullRange: true, primaries: 6, transfer: 6, matrix: 6))
  }

  private func emit(
    _ sample: [UInt8], description: TrackDescription, at time: UInt64, independent: Bool
  ) -> VideoResult {
    if described != description {
      described = description
      initialization = TrackHeader.bytes(description)
      outputSize = (description.width, description.height)
    }
    var ticks = MediaTime.ticks(nanoseconds: time, timescale: MediaTime.video)
    if let lastTicks, ticks <= lastTicks { ticks = lastTicks + 1 }
    lastTicks = ticks
    let nominal = MediaTime.ticks(nanoseconds: format.frameDuration, timescale: MediaTime.video)
    let duration = UInt32(clamping: max(nominal * Self.patience, 1))
    return .chunk(
      EncodedChunk(
        bytes: chunks.picture(sample, at: ticks, duration: duration, independent: independent),
        randomAccess: independent, duration: UInt32(clamping: format.frameDuration / 1000)))
  }

  private func drop(_ reason: DropReason) -> VideoResult {
    dropped[reason, default: 0] += 1
    return .dropped(reason)
  }
}
