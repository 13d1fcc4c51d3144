package import PumpkiiCapture

/// The last rungs of the recovery ladder. Both unplug the device as far as its descriptors go, its microphone included.
package protocol DeviceResetter: Sendable {
  /// Resets the port. Blocks for as long as the device takes to come back.
  /// - Throws: ``CaptureError``: `noPermission`, `gone` or `failed`.
  func reset(_ usb: USBAddress) throws(CaptureError)

  /// Takes the device from its drivers and gives it back to them.
  /// - Throws: ``CaptureError``: `noPermission`, `gone` or `failed`.
  func reauthorize(_ usb: USBAddress) throws(CaptureError)
}
