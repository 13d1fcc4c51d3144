package import PumpkiiCapture
internal import PumpkiiSystem

/// Encodes with the first encoder that works: those of the machine in the order they were given (DMABUF before MMAP),
/// then OpenH264. One that fails, at opening or later, or takes longer than its limit, is closed and remembered; the
/// next one takes the same picture, as an IDR, so that nothing is lost. Confined to one thread.
package final class EncoderChain {
  /// Encoders that gave up, by name.
  package private(set) var failures: [String: UInt64] = [:]
  /// Goes up each time another encoder begins; its stream has parameter sets of its own.
  package private(set) var generation = 0
  private let format: VideoFormat
  private let settings: VideoSettings
  private let candidates: [EncoderCandidate]
  private let limits: EncoderLimits
  private let memory: EncoderMemory
  private let clock: () -> UInt64
  private let note: (String) -> Void
  private let rawBytes: Int
  private var next = 0
  private var step = Step.none
  private var owesIDR = true
  private var isFirstPicture = true

  private enum Step {
    case none
    case hardware(any HardwareEncoder, EncoderCandidate, EncoderFeed)
    case software(H264Encoder)
  }

  /// - Parameters:
  ///   - candidates: the machine's own encoders, the best first; none is OpenH264 at once.
  ///   - clock: CLOCK_MONOTONIC in ns.
  ///   - note: hears a line for people each time another encoder takes over.
  package init(
    format: VideoFormat, settings: VideoSettings, candidates: [EncoderCandidate] = [],
    limits: EncoderLimits = EncoderLimits(), memory: EncoderMemory = EncoderMemory(),
    clock: @escaping () -> UInt64 = { Clocks.monotonic() }, note: @escaping (String) -> Void = { _ in }
  ) {
    self.format = format
    self.settings = settings
    self.candidates = candidates
    self.limits = limits
    self.memory = memory
    self.clock = clock
    self.note = note
    rawBytes = (try? PixelConverter(format: format))?.frameBytes ?? 0
  }

  deinit { if case .hardware(let encoder, _, _) = step { encoder.close() } }

  /// The encoder at work, for people; nil before the first picture.
  package var current: String? {
    switch step {
    case .none: nil
    case .hardware(_, let candidate, _): candidate.name
    case .software: Self.softwareName
    }
  }

  /// Encodes one frame's picture.
  /// - Parameter forceIDR: holds until an IDR came out.
  /// - Throws: ``MediaError`` `badPicture` for a frame without a picture, `codecFailed` when OpenH264 fails as well.
  package func encode(
    _ frame: DecodedFrame, milliseconds: Int64, forceIDR: Bool
  ) throws(MediaError) -> H264Encoder.Output {
    owesIDR = owesIDR || forceIDR
    while true {
      switch step {
      case .none: try begin(with: frame)
      case .software(let encoder): return try software(encoder, frame, milliseconds)
      case .hardware(let encoder, let candidate, let feed):
        let fed = try feed.frame(frame, rawBytes: rawBytes)
        guard !candidate.needsLentBuffers || fed.lent != nil else {
          giveUp(candidate, "the camera lends its buffers no longer", isItsFault: false)
          continue
        }
        if let output = hardware(encoder, candidate, fed) { return output }
      }
    }
  }

  /// What the encoder at work gave cannot be used: the next one takes the picture.
  /// - Returns: false when there is none after it.
  package func reject(_ reason: String) -> Bool {
    guard case .hardware(_, let candidate, _) = step else { return false }
    giveUp(candidate, reason)
    return true
  }

  /// - Returns: nil when the encoder gave up.
  private func hardware(
    _ encoder: any HardwareEncoder, _ candidate: EncoderCandidate, _ frame: CapturedFrame
  ) -> H264Encoder.Output? {
    let began = clock()
    do throws(CaptureError) {
      let picture = try encoder.encode(frame, forceIDR: owesIDR)
      if picture?.isIDR == true { owesIDR = false }
      // A picture that came late is used, the encoder is not any more.
      if !isLate(since: began, isFirstPicture ? limits.firstPicture : limits.picture, candidate, "a picture") {
        isFirstPicture = false
      }
      return picture.map { .unit(bytes: $0.bytes, idr: $0.isIDR) } ?? .skipped
    } catch {
      giveUp(candidate, error.reason)
      return nil
    }
  }

  private func software(
    _ encoder: H264Encoder, _ frame: DecodedFrame, _ milliseconds: Int64
  ) throws(MediaError) -> H264Encoder.Output {
    let image = try frame.picture()
    guard (image.width, image.height) == (encoder.width, encoder.height) else { throw EncoderFeed.otherSize }
    let output = try encoder.encode(image, milliseconds: milliseconds, forceIDR: owesIDR)
    if case .unit(_, true) = output { owesIDR = false }
    return output
  }

  /// Opens the next encoder that takes this camera's pictures. The first picture decides the size: some cameras answer
  /// one size and send another.
  private func begin(with frame: DecodedFrame) throws(MediaError) {
    while next < candidates.count {
      let candidate = candidates[next]
      guard !memory.avoids(candidate.name, now: clock()),
        let feed = try EncoderFeed.choose(candidate, format: format, frame: frame)
      else {
        next += 1
        continue
      }
      let began = clock()
      do throws(CaptureError) {
        let input = feed.format(of: format)
        var order = order(input.width, input.height)
        order.lentPlanes = frame.captured.lent?.descriptors.count ?? 1
        step = .hardware(try candidate.make(input, order), candidate, feed)
        if isLate(since: began, limits.opening, candidate, "opening") { continue }
        return took(over: candidate.name)
      } catch {
        giveUp(candidate, error.reason)
      }
    }
    let image = try frame.picture()
    step = .software(
      try H264Encoder(
        width: image.width, height: image.height, rate: format.rate.value,
        bitrate: order(image.width, image.height).bitrate, fullRange: image.fullRange,
        sampleAspect: format.sampleAspect))
    took(over: Self.softwareName)
  }

  private func took(over name: String) {
    generation += 1
    owesIDR = true
    isFirstPicture = true
    if !candidates.isEmpty { note("H.264 is encoded by \(name)") }
  }

  private func order(_ width: Int, _ height: Int) -> EncoderOrder {
    let rate = format.rate.value
    return EncoderOrder(
      bitrate: settings.bitrate(width: width, height: height, rate: rate),
      groupPictures: max(Int((max(settings.groupSeconds, 0.1) * min(max(rate, 1), 240)).rounded()), 1))
  }

  private func isLate(since began: UInt64, _ limit: UInt64, _ candidate: EncoderCandidate, _ what: String) -> Bool {
    let took = clock() &- began
    guard took > limit else { return false }
    giveUp(candidate, "\(what) took \(took / 1_000_000) ms, \(limit / 1_000_000) ms are allowed")
    return true
  }

  private func giveUp(_ candidate: EncoderCandidate, _ reason: String, isItsFault: Bool = true) {
    if case .hardware(let encoder, _, _) = step { encoder.close() }
    step = .none
    next += 1
    failures[candidate.name, default: 0] += 1
    if isItsFault { memory.failed(candidate.name, now: clock()) }
    note("\(candidate.name) gave up: \(reason)")
  }

  private static let softwareName = "OpenH264"
}
