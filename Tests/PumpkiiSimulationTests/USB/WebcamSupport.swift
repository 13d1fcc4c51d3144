import PumpkiiSimulation

/// A camera with something of everything.
func model(
  _ transfer: WebcamModel.Transfer = .bulk, microphone: Bool = true, camera: Bool = true, serial: String? = "S1"
) -> WebcamModel {
  let mjpeg = StreamFormat(
    pixels: .mjpeg,
    frames: [
      StreamFrame(width: 640, height: 480, rates: [30, 15]), StreamFrame(width: 1280, height: 720, rates: [30]),
    ], stills: [StillSize(width: 1920, height: 1080)])
  let yuyv = StreamFormat(pixels: .yuyv, frames: [StreamFrame(width: 320, height: 240, rates: [30, 10, 5])])
  let h264 = StreamFormat(pixels: .h264, frames: [StreamFrame(width: 320, height: 240, rates: [25])])
  return WebcamModel(
    vendor: 0x046D, product: 0x082D, manufacturer: "Acme", name: "Acme Webcam", serial: serial, transfer: transfer,
    formats: camera ? [mjpeg, yuyv, h264] : [],
    controls: [
      WebcamControl(name: "brightness", minimum: -64, maximum: 64, step: 1, standard: 0),
      WebcamControl(name: "auto_exposure", minimum: 1, maximum: 3, step: 2, standard: 3),
      WebcamControl(name: "exposure_time_absolute", minimum: 3, maximum: 2047, step: 1, standard: 250),
      WebcamControl(name: "focus_auto", minimum: 0, maximum: 1, step: 1, standard: 1),
      WebcamControl(name: "focus_absolute", minimum: 0, maximum: 250, step: 5, standard: 0),
      WebcamControl(name: "pan_absolute", minimum: -36_000, maximum: 36_000, step: 3600, standard: 0),
      WebcamControl(name: "tilt_absolute", minimum: -36_000, maximum: 36_000, step: 3600, standard: 0),
    ], hasShutter: true, hasStillTrigger: true,
    microphone: microphone ? WebcamModel.Microphone(rates: [16_000, 48_000], channels: 1) : nil)
}

extension [UInt8] {
  /// Little-endian; -1 where the bytes are not there.
  func number(_ offset: Int, _ count: Int) -> Int {
    offset + count > self.count ? -1 : (0..<count).reduce(0) { $0 | Int(self[offset + $1]) << (8 * $1) }
  }
}

/// A descriptor as an independent reader finds it.
struct ReadDescriptor {
  let type: UInt8
  let subtype: UInt8
  let bytes: [UInt8]

  static func all(_ bytes: [UInt8]) -> [ReadDescriptor] {
    var found: [ReadDescriptor] = []
    var at = 0
    while at + 2 <= bytes.count, bytes[at] >= 2, at + Int(bytes[at]) <= bytes.count {
      let one = Array(bytes[at..<(at + Int(bytes[at]))])
      found.append(ReadDescriptor(type: one[1], subtype: one.count > 2 ? one[2] : 0, bytes: one))
      at += one.count
    }
    return at == bytes.count ? found : []
  }
}
