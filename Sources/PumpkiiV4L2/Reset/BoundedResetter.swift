internal import PumpkiiCapture
internal import Synchronization

/// Bounds how often a camera's USB device is made anew over all its openings: each time the microphone in it goes as well,
/// and a camera that six resets did not help is not helped by more.
final class BoundedResetter: DeviceResetter {
  private static let most = 6
  /// ns.
  private static let span: UInt64 = 3_600_000_000_000

  private let resetter: any DeviceResetter
  private let kernel: any DeviceKernel
  /// When, the oldest first.
  private let taken = Mutex<[UInt64]>([])

  init(_ resetter: any DeviceResetter, kernel: any DeviceKernel) {
    self.resetter = resetter
    self.kernel = kernel
  }

  /// - Throws: ``CaptureError`` `failed` when there were too many within the hour, else what the resetter throws.
  func reset(_ usb: USBAddress) throws(CaptureError) {
    try take()
    try resetter.reset(usb)
  }

  /// - Throws: As ``reset(_:)``.
  func reauthorize(_ usb: USBAddress) throws(CaptureError) {
    try take()
    try resetter.reauthorize(usb)
  }

  private func take() throws(CaptureError) {
    let now = kernel.now()
    let isLeft = taken.withLock { taken in
      taken.removeAll { now - min($0, now) >= Self.span }
      guard taken.count < Self.most else { return false }
      taken.append(now)
      return true
    }
    guard isLeft else {
      throw CaptureError(
        .failed, "its USB device was reset \(Self.most) times within the hour", advice: "Try another port or cable.")
    }
  }
}
