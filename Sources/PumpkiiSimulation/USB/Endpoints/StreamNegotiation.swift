/// Probe and commit of the video stream: the host proposes, the camera answers with the nearest it can do.
package struct StreamNegotiation: Sendable {
  /// Length of the structure in UVC 1.0.
  package static let length = 26
  private let model: WebcamModel
  /// The last answer to a probe; a host that commits without a probe gets the first mode.
  package private(set) var probe: [UInt8] = []
  /// What the host committed to, nil before it did.
  package private(set) var committed: StreamChoice?

  /// The negotiation of a model's camera; its default mode stands at first.
  package init(_ model: WebcamModel) {
    self.model = model
    probe = negotiate([UInt8](repeating: 0, count: Self.length)).bytes
  }

  /// SET_CUR of the probe control.
  package mutating func propose(_ data: [UInt8]) { probe = negotiate(data).bytes }

  /// SET_CUR of the commit control.
  /// - Returns: what streams from now on, nil where the proposal is none that a probe would have answered.
  package mutating func commit(_ data: [UInt8]) -> StreamChoice? {
    let answer = negotiate(data)
    guard data.count >= Self.length, data[2] == answer.bytes[2], data[3] == answer.bytes[3] else { return nil }
    probe = answer.bytes
    committed = answer.choice
    return answer.choice
  }

  /// GET_MIN, GET_MAX or GET_DEF: the current format and size with the fastest, slowest or first interval.
  package func limit(_ request: UInt8) -> [UInt8] {
    var bytes = probe
    let frame = frame(bytes)
    let intervals = frame.intervals
    let interval: UInt32? =
      switch request {
      case ClassRequest.getMinimum: intervals.min()
      case ClassRequest.getMaximum: intervals.max()
      case ClassRequest.getDefault: intervals.first
      default: nil
      }
    guard let interval else { return [UInt8](repeating: 0, count: Self.length) }
    if request == ClassRequest.getDefault { bytes = [0, 0, 1, 1] + [UInt8](repeating: 0, count: Self.length - 4) }
    bytes.replace(4, with: interval)
    return negotiate(bytes).bytes
  }

  private func frame(_ bytes: [UInt8]) -> StreamFrame {
    let format = model.formats[Self.index(bytes[2], of: model.formats.count)]
    return format.frames[Self.index(bytes[3], of: format.frames.count)]
  }

  private func negotiate(_ data: [UInt8]) -> (bytes: [UInt8], choice: StreamChoice) {
    let wish = data + [UInt8](repeating: 0, count: max(Self.length - data.count, 0))
    let formatIndex = Self.index(wish[2], of: model.formats.count)
    let format = model.formats[formatIndex]
    let frameIndex = Self.index(wish[3], of: format.frames.count)
    let frame = format.frames[frameIndex]
    let intervals = frame.intervals
    let asked = Int64(wish.little(at: 4, 4))
    let nearest =
      asked == 0
      ? 0 : intervals.indices.min { abs(Int64(intervals[$0]) - asked) < abs(Int64(intervals[$1]) - asked) } ?? 0
    let rate = frame.rates[nearest]
    let payload = payload(format.pixels, frame, rate)
    var bytes: [UInt8] = Array(wish[0..<2]) + [UInt8(formatIndex + 1), UInt8(frameIndex + 1)]
    bytes.putLittle(intervals[nearest])
    // Key frame rate, P frame rate, quality, window: the host's, where it has a wish; they change nothing here.
    bytes += wish[8..<16]
    // A frame of delay inside the camera, in ms.
    bytes.putLittle(UInt16(min(1000 / max(rate, 1), 1000)))
    bytes.putLittle(UInt32(format.pixels.largestFrame(width: frame.width, height: frame.height)))
    bytes.putLittle(UInt32(payload))
    return (
      bytes,
      StreamChoice(pixels: format.pixels, width: frame.width, height: frame.height, rate: rate, payload: payload)
    )
  }

  /// Isochronous: the least packet that carries the stream, headers and a tenth to spare included.
  private func payload(_ pixels: CameraProfile.Format, _ frame: StreamFrame, _ rate: Double) -> Int {
    guard model.transfer == .isochronous else { return WebcamLayout.bulkPayload }
    let bytes = Double(pixels.expectedFrame(width: frame.width, height: frame.height)) * rate * 1.1 / 8000
    let sizes = WebcamLayout.alternates.map(\.bytes)
    return sizes.first { Double($0 - PayloadCutter.headerLength) >= bytes } ?? sizes[sizes.count - 1]
  }

  /// Indices on the wire begin at 1; one that does not exist becomes the nearest.
  private static func index(_ stated: UInt8, of count: Int) -> Int { min(max(Int(stated), 1), count) - 1 }
}

extension [UInt8] {
  fileprivate mutating func replace(_ offset: Int, with value: UInt32) {
    for index in 0..<4 { self[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(8 * index)) }
  }
}
