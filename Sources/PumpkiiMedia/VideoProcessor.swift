package import PumpkiiCapture

/// From a camera's frames to the chunks of a CMAF track, and to photos. Confined to one thread.
package final class VideoProcessor {
  /// The CMAF header, once the pictures' parameters are known; another one when they change.
  package private(set) var initialization: [UInt8]?
  /// Of the pictures that leave; even where they are encoded here.
  package private(set) var outputSize: (width: Int, height: Int)
  /// Frames that became no chunk, by reason.
  package private(set) var dropped: [DropReason: UInt64] = [:]
  /// Pictures whose Huffman tables were missing.
  package private(set) var mended: UInt64 = 0
  /// Where others (motion, masks, preview) get the picture of a frame, decoded once for all.
  package let desk: FrameDesk
  private let format: VideoFormat
  private let settings: VideoSettings
  private let route: Route
  private let photographer: Photographer
  private let chain: EncoderChain
  private var packager = H264Packager()
  private var packagerGeneration = 0
  private var passage = H264Passage()
  private var emitter: ChunkEmitter
  private var groupStart: UInt64?
  private var previewed: [UInt8] = []
  private var glanced: [UInt8] = []

  private enum Route { case passH264, passJPEG, encodeH264, encodeJPEG }

  /// - Parameters:
  ///   - encoders: the machine's own, the best first; OpenH264 goes on where none of them works.
  ///   - memory: of encoders that failed; one for the whole program.
  ///   - note: hears a line for people when another encoder takes over.
  /// - Throws: ``MediaError`` `unsupported` or `codecFailed`, or `maskImpossible` where masks cannot be put over the
  ///   camera's picture.
  package init(
    format: VideoFormat, settings: VideoSettings, encoders: [EncoderCandidate] = [],
    memory: EncoderMemory = EncoderMemory(), note: @escaping (String) -> Void = { _ in }
  ) throws(MediaError) {
    guard (0...16384).contains(format.width), (0...16384).contains(format.height) else {
      throw MediaError(
        .unsupported, "\(format.width)×\(format.height) is not a picture", advice: "Choose another size.")
    }
    self.format = format
    self.settings = settings
    switch (format.pixels, settings.mode) {
    case (.h264, _): route = .passH264
    case (.mjpeg, .mjpeg) where settings.masks.isEmpty: route = .passJPEG
    case (_, .mjpeg): route = .encodeJPEG
    case (_, .h264): route = .encodeH264
    }
    emitter = ChunkEmitter(frameDuration: format.frameDuration)
    desk = try FrameDesk(format: format, masks: settings.masks)
    photographer = Photographer(desk: desk, quality: settings.photoQuality)
    chain = EncoderChain(format: format, settings: settings, candidates: encoders, memory: memory, note: note)
    let crops = route == .encodeH264 || route == .encodeJPEG
    outputSize = crops ? (format.width & ~1, format.height & ~1) : (format.width, format.height)
  }

  /// The encoder at work, for people; nil where none is, or before the first picture.
  package var encoder: String? { chain.current }
  /// Encoders that gave up, by name.
  package var encoderFailures: [String: UInt64] { chain.failures }

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
      case .encodeJPEG: return try encode(jpeg: frame, at: decodeTime)
      }
    } catch {
      guard error.code == .badPicture else { throw error }
      return drop(.decode)
    }
  }

  /// A JPEG of the frame: the camera's own picture where it gives JPEG, of the newest IDR where it gives H.264. It
  /// tells nothing but the picture, see ``PhotoCleaner``.
  /// - Throws: ``MediaError`` `badPicture`, `noPicture` or `codecFailed`.
  package func still(_ frame: CapturedFrame) throws(MediaError) -> [UInt8] {
    guard route == .passH264 else { return try photographer.still(desk.frame(frame)) }
    // On a copy: the stream takes the frame afterwards, or never.
    var own = passage
    _ = try? own.take(frame.contents, at: 0)
    return try photographer.still(of: own.packager, fullRange: format.fullRange)
  }

  /// A JPEG of a picture that was taken apart from the stream, of any format and size.
  /// - Throws: ``MediaError`` `badPicture`, `noPicture`, `unsupported` or `codecFailed`.
  package func still(_ still: CapturedStill) throws(MediaError) -> [UInt8] { try photographer.still(still) }

  /// A JPEG of the frame for a preview, the camera's own where it gives JPEG and nothing is masked; nil where a camera
  /// that codes H.264 has sent no picture that stands alone since the last call.
  /// - Throws: ``MediaError`` `badPicture` or `codecFailed`.
  package func preview(_ frame: CapturedFrame) throws(MediaError) -> [UInt8]? {
    guard route == .passH264 else {
      let decoded = desk.frame(frame)
      guard decoded.isJPEG, !decoded.isMasked else { return try photographer.encode(decoded.picture()) }
      return try PhotoCleaner.clean(decoded.jpeg().bytes)
    }
    return try newPicture(since: &previewed).map { image throws(MediaError) in try photographer.encode(image) }
  }

  /// A coarse look at the frame for motion detection, taken after ``process(_:at:randomAccess:)`` so that its decode
  /// serves; nil where a camera that codes H.264 has sent no picture that stands alone since the last call.
  /// - Throws: ``MediaError`` `badPicture`.
  package func glance(_ frame: CapturedFrame) throws(MediaError) -> LumaGrid? {
    guard route == .passH264 else { return try desk.frame(frame).glance() }
    return try newPicture(since: &glanced).map { LumaGrid($0) }
  }

  /// The newest IDR that was passed through, once for each who asks with a memory of their own.
  private func newPicture(since seen: inout [UInt8]) throws(MediaError) -> PlanarImage? {
    guard let unit = passage.packager.newestIDR, unit != seen else { return nil }
    seen = unit
    let isFull = passage.packager.parameters?.colour?.fullRange ?? format.fullRange
    return try desk.picture(ofIDR: unit, fullRange: isFull)
  }

  private func pass(h264 frame: CapturedFrame, at time: UInt64) throws(MediaError) -> VideoResult {
    switch try passage.take(frame.contents, at: time) {
    case .held: return drop(.joined)
    case .nothing: return drop(.decode)
    case .batch(let batch):
      guard let description = passage.packager.description else { return drop(.decode) }
      return emit(batch.pictures.map { .init([$0.sample.bytes[...]], at: $0.time, $0.sample.idr) }, description)
    }
  }

  private func pass(jpeg frame: CapturedFrame, at time: UInt64) throws(MediaError) -> VideoResult {
    let checked = try desk.frame(frame).jpeg()
    if checked.mendedTables { mended += 1 }
    let size = (checked.width, checked.height)
    if let described = emitter.described, size != (described.width, described.height) { return drop(.decode) }
    return emit([.init(checked.parts, at: time, true)], jpegDescription(size))
  }

  private func encode(jpeg frame: CapturedFrame, at time: UInt64) throws(MediaError) -> VideoResult {
    let picture = try desk.frame(frame).picture()
    let size = (picture.width, picture.height)
    if let described = emitter.described, size != (described.width, described.height) { return drop(.decode) }
    return emit([.init([try photographer.encode(picture)[...]], at: time, true)], jpegDescription(size))
  }

  private func encode(
    _ captured: CapturedFrame, at time: UInt64, randomAccess: Bool
  ) throws(MediaError) -> VideoResult {
    let frame = desk.frame(captured)
    if format.pixels == .mjpeg, try frame.check().mendedTables { mended += 1 }
    let group = UInt64(max(settings.groupSeconds, 0.1) * 1e9)
    let groupOver = groupStart.map { time &- $0 &+ format.frameDuration / 2 >= group } ?? true
    while true {
      let output = try chain.encode(
        frame, milliseconds: Int64(time / 1_000_000), forceIDR: randomAccess || groupOver)
      guard case .unit(let bytes, _) = output else { return drop(.encoder) }
      if let sample = try package(bytes), let description = packager.description {
        if sample.idr { groupStart = time }
        return emit([.init([sample.bytes[...]], at: time, sample.idr)], colour(description, frame))
      }
      guard chain.reject("its stream cannot be used") else {
        throw MediaError(.codecFailed, "OpenH264 gave no picture that stands alone", advice: "Restart the camera.")
      }
    }
  }

  /// - Returns: nil when the encoder of the machine gave what no viewer can decode.
  private func package(_ bytes: [UInt8]) throws(MediaError) -> H264Packager.Sample? {
    if packagerGeneration != chain.generation {
      packagerGeneration = chain.generation
      packager = H264Packager()
    }
    return try? packager.sample(bytes)
  }

  /// An encoder of the machine may not say how its colours are meant; the header does.
  private func colour(_ description: TrackDescription, _ frame: DecodedFrame) -> TrackDescription {
    guard description.colour == nil else { return description }
    var told = description
    let isFull = format.pixels == .mjpeg || format.fullRange
    told.colour = .init(fullRange: isFull, primaries: 6, transfer: 6, matrix: 6)
    return told
  }

  private func jpegDescription(_ size: (width: Int, height: Int)) -> TrackDescription {
    TrackDescription(
      entry: .mjpeg, width: size.width, height: size.height,
      aspect: (format.sampleAspect.numerator, format.sampleAspect.denominator),
      colour: .init(fullRange: true, primaries: 6, transfer: 6, matrix: 6))
  }

  private func emit(_ pictures: [ChunkEmitter.Picture], _ description: TrackDescription) -> VideoResult {
    let chunk = emitter.emit(pictures, description)
    if initialization != emitter.initialization {
      initialization = emitter.initialization
      outputSize = (description.width, description.height)
    }
    return .chunk(chunk)
  }

  private func drop(_ reason: DropReason) -> VideoResult {
    dropped[reason, default: 0] += 1
    return .dropped(reason)
  }
}
