internal import Glibc
internal import PumpkiiCapture

/// One run of a camera from S_FMT to STREAMOFF, with its own buffers.
final class CameraStream {
  let handle: V4L2Handle
  let type: BufferType
  let layout: FrameLayout
  let pool: BufferPool
  /// When STREAMON came back.
  let startedAt: UInt64
  let converter: Converter?
  /// One a buffer where buffers are lent; empty where frames are copied.
  let lenders: [LentFrame]

  /// How many buffers are asked for: one is filled, one is copied, two bridge a late reader.
  static let wantedBuffers = 4

  /// Negotiates and starts.
  /// - Parameter choices: what to ask for, in order; a refusal falls back to the next.
  /// - Throws: ``CallError``; nothing stays allocated then.
  init(
    _ handle: V4L2Handle, type: BufferType, choices: [FormatChoice], onlyPixels: VideoFormat.Pixels?, lends: Bool
  ) throws(CallError) {
    self.handle = handle
    self.type = type
    let (answer, layout) = try Self.negotiate(handle, type, choices, onlyPixels: onlyPixels)
    self.layout = layout
    converter = layout.way == .converted ? Converter(answer) : nil
    let pool = try BufferPool(
      handle, type: type, wanted: Self.wantedBuffers,
      exports: lends && !layout.format.pixels.isCompressed
        && layout.way != .converted)
    self.pool = pool
    lenders =
      pool.descriptors.isEmpty
      ? [] : (0..<pool.count).map { LentFrame(descriptors: pool.descriptors(of: $0), index: $0, layout: layout) }
    do throws(CallError) {
      try pool.queueAll()
      try handle.streamOn(type)
    } catch {
      handle.streamOff(type)
      pool.release()
      throw error
    }
    startedAt = handle.kernel.now()
  }

  /// Stops and frees; what is lent ends.
  func stop() {
    for lender in lenders { lender.end() }
    handle.streamOff(type)
    pool.release()
  }

  /// S_FMT answers, it does not obey: what was answered counts, if it is something we know.
  private static func negotiate(
    _ handle: V4L2Handle, _ type: BufferType, _ choices: [FormatChoice], onlyPixels: VideoFormat.Pixels?
  ) throws(CallError) -> (NodeFormat, FrameLayout) {
    for choice in choices.prefix(16) {
      let answer: NodeFormat
      do throws(CallError) {
        answer = try handle.setFormat(
          type, fourcc: choice.offer.fourcc, width: choice.offer.width, height: choice.offer.height)
      } catch {
        // No other errno speaks of the format.
        if error.errno == EINVAL { continue }
        throw error
      }
      guard let known = FrameLayout(answer, rate: choice.rate),
        onlyPixels == nil || known.format.pixels == onlyPixels
      else { continue }
      // After S_FMT, which resets it, and before STREAMON, after which it is refused.
      let rate = try handle.setRate(type, choice.rate) ?? choice.rate
      if let layout = FrameLayout(answer, rate: rate) { return (answer, layout) }
    }
    throw CallError("S_FMT", errno: EINVAL)
  }
}
