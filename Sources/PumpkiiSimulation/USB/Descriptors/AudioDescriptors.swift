/// The microphone's function: USB Audio 1.0 with mute, volume and discrete sampling frequencies.
struct AudioDescriptors {
  private typealias Kind = WebcamDescriptors.Kind
  private static let function: UInt8 = 1
  private let microphone: WebcamModel.Microphone
  private let control: UInt8
  private let streaming: UInt8

  init(_ microphone: WebcamModel.Microphone, _ layout: WebcamLayout) {
    self.microphone = microphone
    control = layout.audioControl ?? 0
    streaming = layout.audioStreaming ?? 1
  }

  var bytes: [UInt8] {
    var writer = DescriptorWriter()
    writer.addAssociation(first: control, count: 2, function: Self.function, subclass: 1)
    writer.addInterface(control, endpoints: 0, function: Self.function, subclass: 1)
    writer.addHeader(1, [.word(0x0100)], [.raw([1, streaming])], followedBy: topology)
    writer.addInterface(streaming, endpoints: 0, function: Self.function, subclass: 2)
    writer.addInterface(streaming, alternate: 1, endpoints: 1, function: Self.function, subclass: 2)
    writer.addClass(1, .raw([WebcamLayout.audioOutput, 1]), .word(1))
    let rates = microphone.rates.flatMap { rate in
      [UInt8(truncatingIfNeeded: rate), UInt8(truncatingIfNeeded: rate >> 8), UInt8(truncatingIfNeeded: rate >> 16)]
    }
    // Type I, 2 bytes of 16 bits a sample.
    writer.addClass(2, .raw([1, UInt8(microphone.channels), 2, 16, UInt8(microphone.rates.count)]), .raw(rates))
    // Asynchronous: the device's clock is its own. Every eighth microframe is one a millisecond.
    writer.add(
      Kind.endpoint, .byte(0x80 | WebcamLayout.audioEndpoint), .byte(5), .word(largestPacket), .raw([4, 0, 0]))
    writer.add(Kind.classEndpoint, .raw([1, 1, 0]), .word(0))
    return writer.bytes
  }

  /// A millisecond's samples, and one more frame for a clock that is fast.
  private var largestPacket: Int {
    ((microphone.rates.max() ?? 48_000) + 999) / 1000 * 2 * microphone.channels + 2 * microphone.channels
  }

  private var topology: DescriptorWriter {
    var writer = DescriptorWriter()
    let places: Int = microphone.channels == 2 ? 3 : 0
    writer.addClass(
      2, .byte(WebcamLayout.microphoneTerminal), .word(0x0201), .raw([0, UInt8(microphone.channels)]), .word(places),
      .raw([0, 0]))
    // Mute and volume for all channels at once.
    let perChannel = [UInt8](repeating: 0, count: microphone.channels)
    writer.addClass(
      6, .raw([WebcamLayout.featureUnit, WebcamLayout.microphoneTerminal, 1, 0b11]), .raw(perChannel), .byte(0))
    writer.addClass(3, .byte(WebcamLayout.audioOutput), .word(0x0101), .raw([0, WebcamLayout.featureUnit, 0]))
    return writer
  }
}
