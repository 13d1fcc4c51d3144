internal import Glibc
internal import PumpkiiCapture

/// Why an encoder is given up, in words that follow its name.
struct M2MFailure: Error, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }

  init(_ error: CallError) {
    reason =
      switch (error.call, error.errno) {
      case (_, ENODEV): "it is gone"
      case ("STREAMON", ESRCH): "it refuses to start: the bitrate or the level is more than its firmware takes"
      case (_, EBUSY): "all its instances are in use, or another program holds it"
      case (_, ENOMEM), (_, ENOSPC): "it has no memory for pictures of this size"
      case (_, EACCES), (_, EPERM): "this account may not use it"
      default: "its driver refuses \(error.call) (errno \(error.errno))"
      }
  }

  /// For the chain and people.
  func error(_ name: String) -> CaptureError {
    CaptureError(
      .failed, "the encoder \(name) fails: \(reason)",
      advice: "Pictures are encoded by the next one; look at `dmesg` when this encoder should work.")
  }

  /// Calls what the kernel may refuse.
  static func attempt<Value>(_ body: () throws(CallError) -> Value) throws(M2MFailure) -> Value {
    do throws(CallError) {
      return try body()
    } catch {
      throw M2MFailure(error)
    }
  }
}
