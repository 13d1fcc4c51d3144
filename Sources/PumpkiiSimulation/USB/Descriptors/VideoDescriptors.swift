/// The camera's function: USB Video 1.0.
struct VideoDescriptors {
  private typealias Kind = WebcamDescriptors.Kind
  private static let function: UInt8 = 14
  private let model: WebcamModel
  private let control: UInt8
  private let streaming: UInt8

  init(_ model: WebcamModel, _ layout: WebcamLayout) {
    self.model = model
    control = layout.videoControl ?? 0
    streaming = layout.videoStreaming ?? 1
  }

  var bytes: [UInt8] {
    var writer = DescriptorWriter()
    writer.addAssociation(first: control, count: 2, function: Self.function, subclass: 3)
    writer.addInterface(control, endpoints: 1, function: Self.function, subclass: 1)
    writer.addHeader(1, [.word(0x0100)], [.long(48_000_000), .raw([1, streaming])], followedBy: topology)
    writer.add(Kind.endpoint, .raw([0x80 | WebcamLayout.statusEndpoint, 3]), .word(16), .byte(8))
    writer.add(Kind.classEndpoint, .byte(3), .word(16))
    let bulk = model.transfer == .bulk
    writer.addInterface(streaming, endpoints: bulk ? 1 : 0, function: Self.function, subclass: 2)
    addFormats(to: &writer)
    let endpoint: UInt8 = 0x80 | WebcamLayout.videoEndpoint
    if bulk {
      writer.add(Kind.endpoint, .raw([endpoint, 2]), .word(Int(WebcamLayout.bulkPacket)), .byte(0))
    } else {
      for (index, alternate) in WebcamLayout.alternates.enumerated() {
        writer.addInterface(
          streaming, alternate: UInt8(index + 1), endpoints: 1, function: Self.function, subclass: 2)
        writer.add(Kind.endpoint, .raw([endpoint, 5]), .word(Int(alternate.field)), .byte(1))
      }
    }
    return writer.bytes
  }

  /// Camera terminal → processing unit → output.
  private var topology: DescriptorWriter {
    let bits = ControlTable.bits(of: model)
    var writer = DescriptorWriter()
    writer.addClass(
      2, .byte(WebcamLayout.cameraTerminal), .word(0x0201), .raw([0, 0]), .word(0), .word(0), .word(0), .byte(3),
      .raw([UInt8(bits.camera & 0xFF), UInt8(bits.camera >> 8 & 0xFF), UInt8(bits.camera >> 16 & 0xFF)]))
    writer.addClass(
      5, .raw([WebcamLayout.processingUnit, WebcamLayout.cameraTerminal]), .word(0), .byte(2),
      .word(Int(bits.processing)), .byte(0))
    writer.addClass(3, .byte(WebcamLayout.videoOutput), .word(0x0101), .raw([0, WebcamLayout.processingUnit, 0]))
    return writer
  }

  private func addFormats(to writer: inout DescriptorWriter) {
    var formats = DescriptorWriter()
    for (index, format) in model.formats.enumerated() { add(format, UInt8(index + 1), to: &formats) }
    let count = UInt8(model.formats.count)
    // Method 2: the photo comes through the video pipe, asked for by software.
    let still: [UInt8] = model.hasStillTrigger ? [2, 1, 0] : [0, 0, 0]
    writer.addHeader(
      1, [.byte(count)],
      [
        .raw([0x80 | WebcamLayout.videoEndpoint, 0, WebcamLayout.videoOutput]), .raw(still), .byte(1),
        .raw([UInt8](repeating: 0, count: Int(count))),
      ], followedBy: formats)
  }

  private func add(_ format: StreamFormat, _ index: UInt8, to writer: inout DescriptorWriter) {
    let count = UInt8(format.frames.count)
    switch format.pixels.coding {
    case .mjpeg: writer.addClass(6, .raw([index, count, 1, 1, 0, 0, 0, 0]))
    case .frameBased:
      writer.addClass(0x10, .raw([index, count]), .raw(format.pixels.guid), .raw([16, 1, 0, 0, 0, 0, 1]))
    case .uncompressed, nil:
      writer.addClass(
        4, .raw([index, count]), .raw(format.pixels.guid), .raw([UInt8(format.pixels.bitsPerPixel), 1, 0, 0, 0, 0]))
    }
    for (index, frame) in format.frames.enumerated() { add(frame, UInt8(index + 1), of: format.pixels, to: &writer) }
    if model.hasStillTrigger, !format.stills.isEmpty {
      let sizes = format.stills.flatMap { Self.word($0.width) + Self.word($0.height) }
      writer.addClass(3, .raw([0, UInt8(format.stills.count)]), .raw(sizes), .byte(0))
    }
    // Colours of sRGB and BT.709, matrix of BT.601: what nearly every webcam says.
    writer.addClass(13, .raw([1, 1, 4]))
  }

  private func add(
    _ frame: StreamFrame, _ index: UInt8, of pixels: CameraProfile.Format, to writer: inout DescriptorWriter
  ) {
    let largest = pixels.largestFrame(width: frame.width, height: frame.height)
    let rates = frame.rates
    let slow = Int(Double(largest * 8) * (rates.min() ?? 1))
    let fast = Int(Double(largest * 8) * (rates.max() ?? 1))
    let intervals = frame.intervals.map { DescriptorWriter.Field.long(Int($0)) }
    let size: [DescriptorWriter.Field] = [
      .raw([index, 0]), .word(frame.width), .word(frame.height), .long(min(slow, Int(UInt32.max))),
      .long(min(fast, Int(UInt32.max))),
    ]
    let standard = DescriptorWriter.Field.long(Int(frame.intervals.first ?? 0))
    let count = DescriptorWriter.Field.byte(UInt8(intervals.count))
    switch pixels.coding {
    case .mjpeg: writer.addClass(7, size + [.long(largest), standard, count] + intervals)
    case .frameBased: writer.addClass(0x11, size + [standard, count, .long(0)] + intervals)
    case .uncompressed, nil: writer.addClass(5, size + [.long(largest), standard, count] + intervals)
    }
  }

  private static func word(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
  }
}
