/// Numbers of interfaces, endpoints and entities. Entities are fixed; interfaces are numbered without gaps.
package struct WebcamLayout: Sendable, Equatable {
  /// VideoControl interface, nil without a camera.
  package let videoControl: UInt8?
  /// VideoStreaming interface.
  package let videoStreaming: UInt8?
  /// AudioControl interface, nil without a microphone.
  package let audioControl: UInt8?
  /// AudioStreaming interface.
  package let audioStreaming: UInt8?
  /// How many interfaces there are.
  package let interfaces: UInt8

  /// The video stream, to the host.
  package static let videoEndpoint: UInt8 = 1
  /// Status interrupts of the VideoControl interface, to the host.
  package static let statusEndpoint: UInt8 = 3
  /// The microphone's stream, to the host.
  package static let audioEndpoint: UInt8 = 4

  static let cameraTerminal: UInt8 = 1
  static let processingUnit: UInt8 = 2
  static let videoOutput: UInt8 = 3
  static let microphoneTerminal: UInt8 = 1
  static let featureUnit: UInt8 = 2
  static let audioOutput: UInt8 = 3

  /// wMaxPacketSize of the alternate settings 1…, with transactions a microframe in bits 11 and 12.
  static let alternates: [(field: UInt16, bytes: Int)] = [
    (192, 192), (512, 512), (1024, 1024), (0x0800 | 1024, 2048), (0x1000 | 1024, 3072),
  ]
  static let bulkPacket: UInt16 = 512
  /// What uvcvideo makes of a bulk stream's 32 packets: a payload then fills one transfer.
  static let bulkPayload = 16_384

  /// The layout of a device.
  package init(_ model: WebcamModel) {
    let camera = !model.formats.isEmpty
    let base: UInt8 = camera ? 2 : 0
    let sound = model.microphone != nil
    videoControl = camera ? 0 : nil
    videoStreaming = camera ? 1 : nil
    audioControl = sound ? base : nil
    audioStreaming = sound ? base + 1 : nil
    interfaces = base + (sound ? 2 : 0)
  }
}
