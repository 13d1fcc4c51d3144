/// Still probe, commit and trigger: a photo of another size, sent in between the stream's frames (method 2).
package struct StillNegotiation: Sendable {
  /// bFormatIndex, bFrameIndex, bCompressionIndex, dwMaxVideoFrameSize, dwMaxPayloadTransferSize.
  package static let length = 11
  private let model: WebcamModel
  /// The last answer to a probe.
  package private(set) var probe: [UInt8] = []
  private var committed: StillSize?

  /// The negotiation of a model's camera.
  package init(_ model: WebcamModel) {
    self.model = model
    probe = negotiate([1, 1, 1]).bytes
  }

  /// SET_CUR of the still probe control.
  package mutating func propose(_ data: [UInt8]) { probe = negotiate(data).bytes }

  /// SET_CUR of the still commit control.
  package mutating func commit(_ data: [UInt8]) {
    let answer = negotiate(data)
    probe = answer.bytes
    committed = answer.size
  }

  /// SET_CUR of the trigger control: 1 is a photo through the video pipe.
  /// - Returns: its size, nil for any other value or where none was committed.
  package func trigger(_ data: [UInt8]) -> StillSize? { data.first == 1 ? committed : nil }

  private func negotiate(_ data: [UInt8]) -> (bytes: [UInt8], size: StillSize?) {
    let wish = data + [UInt8](repeating: 0, count: max(3 - data.count, 0))
    let formatIndex = min(max(Int(wish[0]), 1), model.formats.count) - 1
    let format = model.formats[formatIndex]
    guard !format.stills.isEmpty else { return ([UInt8](repeating: 0, count: Self.length), nil) }
    let index = min(max(Int(wish[1]), 1), format.stills.count) - 1
    let size = format.stills[index]
    var bytes: [UInt8] = [UInt8(formatIndex + 1), UInt8(index + 1), 0]
    bytes.putLittle(UInt32(format.pixels.largestFrame(width: size.width, height: size.height)))
    bytes.putLittle(UInt32(WebcamLayout.bulkPayload))
    return (bytes, size)
  }
}
