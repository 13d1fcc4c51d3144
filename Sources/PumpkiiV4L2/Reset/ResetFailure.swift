internal import Glibc
internal import PumpkiiCapture

/// What it means that a device could not be reset.
enum ResetFailure {
  enum Step {
    case reset
    case reauthorize
  }

  static func error(_ step: Step, errno: Int32, _ usb: USBAddress) -> CaptureError {
    switch errno {
    case EACCES, EPERM, EROFS:
      CaptureError(
        .noPermission, "this account may not reset USB device \(usb.portPath)", advice: advice(step, usb))
    case ENOENT, ENODEV, ENXIO:
      CaptureError(
        .gone, "USB device \(usb.portPath) is not there",
        advice: "Plug the camera in again; in a container, pass /dev/bus/usb to it.")
    default:
      CaptureError(
        .failed, "USB device \(usb.portPath) could not be reset (\(words(errno)))",
        advice: "Unplug the camera and plug it in again.")
    }
  }

  /// A line for udev that gives the right to the group that has cameras anyway.
  private static func advice(_ step: Step, _ usb: USBAddress) -> String {
    let match =
      "SUBSYSTEM==\"usb\", ENV{DEVTYPE}==\"usb_device\", ATTR{idVendor}==\"\(usb.vendorText)\", "
      + "ATTR{idProduct}==\"\(usb.productText)\", "
    let right =
      switch step {
      case .reset: "GROUP=\"video\", MODE=\"0660\""
      case .reauthorize: "RUN+=\"/bin/chgrp video /sys%p/authorized\", RUN+=\"/bin/chmod g+w /sys%p/authorized\""
      }
    return "Put this line into /etc/udev/rules.d/70-pumpkii.rules and plug the camera in again: \(match)\(right)"
  }

  private static func words(_ errno: Int32) -> String {
    unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  }
}
