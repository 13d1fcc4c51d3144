internal import Glibc
internal import PumpkiiCapture

/// Why a stream could not be started, with the errno as long as it matters for what to do.
enum StartFailure: Error {
  /// A call was refused.
  case call(CallError)
  /// Something of our own.
  case said(CaptureError)

  /// A camera that stopped answering control transfers: they end with EIO after five seconds each. Nothing but a reset
  /// of the port helps.
  var isSilence: Bool {
    guard case .call(let error) = self else { return false }
    return [EIO, ETIMEDOUT, EPROTO].contains(error.errno) && ["S_FMT", "S_PARM", "STREAMON"].contains(error.call)
  }

  /// True where the device is not there.
  var isGone: Bool {
    switch self {
    case .call(let error): error.isGone
    case .said(let error): error.code == .gone
    }
  }

  /// For people.
  func words(path: String, directory: any DeviceDirectory) -> CaptureError {
    switch self {
    case .said(let error): return error
    case .call(let error):
      let holder = error.errno == EBUSY ? directory.holders(of: path).joined(separator: ", ") : ""
      return CallFailure.error(
        error.call, errno: error.errno, path: path, holder: holder.isEmpty ? nil : holder)
    }
  }
}
