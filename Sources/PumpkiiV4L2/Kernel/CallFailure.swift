internal import Glibc
package import PumpkiiCapture

/// What a call and its errno mean to a person. ENOSPC is no full disk, EPIPE no broken pipe: each pair has its own
/// words.
package enum CallFailure {
  /// The error for people.
  /// - Parameters:
  ///   - call: the request's name, `STREAMON`; `open` for the opening.
  ///   - errno: positive.
  ///   - path: the node.
  ///   - holder: who has it open, `ffmpeg (pid 4711)`, where somebody could be found.
  package static func error(_ call: String, errno: Int32, path: String, holder: String?) -> CaptureError {
    switch (call, errno) {
    case (_, ENODEV), (_, ENXIO), ("open", ENOENT), ("open", ENOTDIR):
      return CaptureError(.gone, "\(path) is not there", advice: "Plug the camera in again.")
    case (_, EBUSY): return busy(path, holder: holder)
    case (_, EACCES), (_, EPERM): return noPermission(path)
    case ("STREAMON", ENOSPC):
      return CaptureError(
        .noBandwidth, "the USB bus has no room left for \(path)",
        advice: "Lower size or rate, use MJPEG, or plug the camera into another USB controller.")
    case ("STREAMON", EPIPE), ("STREAMON", ENOLINK):
      return CaptureError(
        .failed, "the media pipeline behind \(path) is not set up (\(words(errno)))",
        advice: "Set its links and formats with media-ctl, or use the board's libcamera route.")
    case ("QUERY_DV_TIMINGS", _): return noSignal(errno, path: path)
    case (_, EIO), (_, ETIMEDOUT), (_, EPROTO):
      return CaptureError(
        .failed, "\(path) does not answer (\(call): \(words(errno)))",
        advice: "Unplug the camera and plug it in again, without a hub between.")
    case ("S_FMT", EINVAL):
      return CaptureError(
        .unsupported, "\(path) refuses the format", advice: "Choose one that `pumpkii devices` lists for it.")
    case (_, ENOMEM), (_, ENOBUFS), (_, EMFILE), (_, ENFILE):
      return CaptureError(
        .failed, "the machine has no room for \(path) (\(call): \(words(errno)))",
        advice: "Lower the size, or give the process more memory and descriptors.")
    default:
      return CaptureError(
        .failed, "the driver of \(path) refuses \(call): \(words(errno))",
        advice: "Look at `dmesg` and `pumpkii doctor`.")
    }
  }

  private static func busy(_ path: String, holder: String?) -> CaptureError {
    guard let holder else {
      return CaptureError(.busy, "\(path) is in use", advice: "Close the program that has it open.")
    }
    return CaptureError(.busy, "\(path) is in use by \(holder)", advice: "Close \(holder).")
  }

  private static func noPermission(_ path: String) -> CaptureError {
    let group = NodeGroup.name(of: path) ?? "video"
    return CaptureError(
      .noPermission, "this account may not open \(path)",
      advice: "Add it to the group: sudo usermod -aG \(group) \"$USER\", then log in again.")
  }

  private static func noSignal(_ errno: Int32, path: String) -> CaptureError {
    let (what, advice) =
      switch errno {
      case ENOLINK: ("no cable or no signal", "Connect the source and switch it on.")
      case ENOLCK: ("a signal that is not stable", "Check the cable; try a shorter one.")
      case ERANGE: ("a signal outside of what it can take", "Choose a smaller size or rate at the source.")
      default: ("no signal (\(words(errno)))", "Connect the source and switch it on.")
      }
    return CaptureError(.noSignal, "\(path) has \(what)", advice: advice)
  }

  private static func words(_ errno: Int32) -> String {
    unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
  }
}
