internal import CPumpkiiV4L2
internal import Glibc
package import PumpkiiCapture

/// Resets USB devices through the kernel.
package struct USBResetter: DeviceResetter {
  private let kernel: any DeviceKernel
  private let write: @Sendable (_ path: String, _ text: String) -> Int32

  /// The machine's own.
  package init() { self.init(kernel: LinuxKernel(), write: AttributeFile.write) }

  /// - Parameter write: puts a text into an attribute of sysfs; 0 or −errno.
  package init(kernel: any DeviceKernel, write: @escaping @Sendable (_ path: String, _ text: String) -> Int32) {
    self.kernel = kernel
    self.write = write
  }

  /// `USBDEVFS_RESET` on the device's file.
  /// - Throws: ``CaptureError``: `noPermission`, `gone` or `failed`.
  package func reset(_ usb: USBAddress) throws(CaptureError) {
    let descriptor = kernel.open(usb.nodePath, flags: O_WRONLY)
    guard descriptor >= 0 else { throw ResetFailure.error(.reset, errno: -descriptor, usb) }
    defer { kernel.close(descriptor) }
    let result = unsafe kernel.ioctl(descriptor, PK_USBDEVFS_RESET, nil)
    if result < 0 { throw ResetFailure.error(.reset, errno: -result, usb) }
  }

  /// 0, then 1 into `authorized`.
  /// - Throws: ``CaptureError``: `noPermission`, `gone` or `failed`.
  package func reauthorize(_ usb: USBAddress) throws(CaptureError) {
    let taken = write(usb.authorizedPath, "0")
    if taken < 0 { throw ResetFailure.error(.reauthorize, errno: -taken, usb) }
    var given = write(usb.authorizedPath, "1")
    // A camera that is left without its drivers would be our doing.
    if given < 0 { given = write(usb.authorizedPath, "1") }
    if given < 0 { throw ResetFailure.error(.reauthorize, errno: -given, usb) }
  }
}

/// Writes an attribute of sysfs.
enum AttributeFile {
  /// - Returns: 0 or −errno. Makes no file where there is none.
  @Sendable static func write(_ path: String, _ text: String) -> Int32 {
    let descriptor = unsafe pk_open(path, O_WRONLY)
    guard descriptor >= 0 else { return descriptor }
    defer { _ = close(descriptor) }
    let bytes = Array(text.utf8)
    let count = unsafe Glibc.write(descriptor, bytes, bytes.count)
    return count == bytes.count ? 0 : -(count < 0 ? errno : EIO)
  }
}
