package import PumpkiiCapture
internal import PumpkiiV4L2

/// Whether what would be chosen for the cameras fits on their buses together. An estimate: the kernel reserves by the
/// camera's own claim, and says ENOSPC when it does not fit.
package enum BandwidthCheck {
  /// Of a bus's nominal speed, what isochronous and bulk video together may use (USB 2.0 §5.6.4, §5.8.4).
  static let usable = 0.8

  /// Mbit/s of a stream.
  package static func megabits(_ pixels: VideoFormat.Pixels, width: Int, height: Int, rate: Double) -> Double {
    // What webcams take at their common quality: two bits a pixel for JPEG, a fifth of one for H.264.
    let bits: Double =
      switch pixels {
      case .mjpeg: 2
      case .h264: 0.2
      case .yuyv, .yuv422: 16
      case .nv12, .yuv420: 12
      case .yuv444: 24
      case .grey: 8
      }
    return Double(width * height) * bits * rate / 1e6
  }

  static func findings(_ cameras: [V4L2Device]) -> [Finding] {
    var wanted: [Int: (speed: Double, sum: Double, count: Int)] = [:]
    for camera in cameras {
      guard let usb = camera.usb, let choice = V4L2Inspection(camera).choice, let pixels = choice.offer.pixels else {
        continue
      }
      let rate = megabits(pixels, width: choice.offer.width, height: choice.offer.height, rate: choice.rate.value)
      let sum = wanted[usb.bus, default: (usb.speed, 0, 0)]
      wanted[usb.bus] = (max(sum.speed, usb.speed), sum.sum + rate, sum.count + 1)
    }
    return wanted.sorted { $0.key < $1.key }.map { finding(bus: $0.key, $0.value) }
  }

  private static func finding(bus: Int, _ want: (speed: Double, sum: Double, count: Int)) -> Finding {
    let room = want.speed * usable
    let text = "bus \(bus): about \(Int(want.sum.rounded(.up))) of \(Int(room)) Mbit/s for \(want.count) camera(s)"
    guard want.sum > room else { return Finding(.ok, "USB bandwidth", text) }
    return Finding(
      .warning, "USB bandwidth", text,
      advice: "Lower size or rate, prefer MJPEG, or put a camera on another controller (`lsusb -t`).")
  }
}
