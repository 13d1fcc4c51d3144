internal import PumpkiiV4L2

/// How fast a camera's USB connection is: a camera on a slow hub offers its large sizes and cannot deliver them.
enum USBCheck {
  /// Mbit/s below which no video camera is at home.
  static let highSpeed = 480.0

  static func findings(_ camera: V4L2Device) -> [Finding] {
    guard let usb = camera.usb else { return [] }
    let speed = usb.speed
    guard speed < highSpeed else { return [Finding(.ok, "USB speed", "\(camera.path) runs at \(Int(speed)) Mbit/s")] }
    return [
      Finding(
        .warning, "USB speed", "\(camera.path) runs at \(Int(speed)) Mbit/s only",
        advice: "Plug it into another port, without a hub of USB 1, and with another cable.")
    ]
  }
}
