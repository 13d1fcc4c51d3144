internal import PumpkiiCapture
internal import PumpkiiMedia

/// Painted pictures coded by the camera itself, as a board camera with an encoder of its own does.
///
/// Groups are coded alone and from their beginning, so that a frame's bytes do not depend on which frames before it
/// somebody collected: the same seed gives the same bytes.
final class CodedFrames: FrameSource {
  private let painter: any Painter
  private let format: VideoFormat
  private let bitrate: Int
  private let groupFrames: UInt64
  private var encoder: H264Encoder?
  /// The next frame the encoder expects.
  private var next: UInt64 = 0

  init(_ painter: any Painter, format: VideoFormat, bitrate: Int, groupFrames: Int) {
    self.painter = painter
    self.format = format
    self.bitrate = VideoSettings(bitrate: bitrate).bitrate(
      width: format.width, height: format.height, rate: format.rate.value)
    self.groupFrames = UInt64(groupFrames)
  }

  func frame(_ number: UInt64, marks: (UInt64) -> FrameMark) throws(CaptureError) -> [UInt8]? {
    do throws(MediaError) {
      let begin = number - number % groupFrames
      if encoder == nil || next > number || next <= begin {
        encoder = try H264Encoder(
          width: format.width, height: format.height, rate: format.rate.value, bitrate: bitrate,
          fullRange: format.fullRange, sampleAspect: format.sampleAspect)
        next = begin
      }
      while next < number { _ = try encode(marks) }
      return try encode(marks)
    } catch {
      throw CaptureError(.failed, error.reason, advice: error.advice)
    }
  }

  private func encode(_ marks: (UInt64) -> FrameMark) throws(MediaError) -> [UInt8]? {
    let mark = marks(next)
    next += 1
    switch try encoder?.encode(painter.view(mark), milliseconds: Int64(mark.milliseconds), forceIDR: false) {
    case .unit(let bytes, _): return bytes
    case .skipped, nil: return nil
    }
  }
}
