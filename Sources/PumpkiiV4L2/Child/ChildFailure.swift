internal import Glibc
package import PumpkiiCapture

/// Turns what a program says at its end into one of our errors.
package enum ChildFailure {
  private static let wantsFormat = "cannot allocate output context"

  /// Whether a program's software encoder must be told what to write to a pipe.
  static func wantsFormat(_ error: CaptureError) -> Bool { error.reason.lowercased().contains(wantsFormat) }

  private static let signs: [(words: [String], code: CaptureError.Code, advice: String)] = [
    (
      ["no cameras available", "no camera available"], .gone,
      "Check the ribbon cable and camera_auto_detect=1 in config.txt; `rpicam-hello --list-cameras` shows what is found."
    ),
    (
      ["failed to acquire camera", "pipeline handler in use", "device or resource busy", "resource temporarily"], .busy,
      "End the other program that uses the camera (`fuser -v /dev/media* /dev/video*` names it)."
    ),
    (
      ["permission denied", "operation not permitted"], .noPermission,
      "Add this account to the group: sudo usermod -aG video \"$USER\", then log in again."
    ),
    (
      [wantsFormat, "unable to find an appropriate h.264 codec", "unrecognised codec"],
      .sourceFailed, "Install the full package: sudo apt install rpicam-apps (the lite one has no H.264 on this board)."
    ),
    (
      ["unrecognised option", "unknown option"], .sourceFailed, "Update the package: sudo apt install rpicam-apps."
    ),
    (
      ["error while loading shared libraries", "symbol lookup error"], .sourceFailed,
      "Install the package again: sudo apt install --reinstall rpicam-apps."
    ),
    (
      ["camera frontend has timed out", "dequeue timer"], .frozen,
      "Check the ribbon cable on both ends; the sensor sends nothing."
    ),
  ]

  /// What the end of a program means.
  /// - Parameters:
  ///   - program: its name, for people.
  ///   - end: how it ended.
  ///   - lines: the last ones of its standard error.
  package static func error(_ program: String, _ end: ChildEnd, lines: [String]) -> CaptureError {
    let said = lines.last { $0.lowercased().contains("error") } ?? lines.last
    for sign in signs {
      for line in lines.reversed() where sign.words.contains(where: line.lowercased().contains) {
        return CaptureError(sign.code, "\(program) ended: \(line)", advice: sign.advice)
      }
    }
    let ended =
      switch end {
      case .exit(let code): "\(program) ended with status \(code)"
      case .signal(let number): "\(program) was ended by signal \(number)"
      case .unknown: "\(program) ended"
      }
    return CaptureError(
      .sourceFailed, said.map { "\(ended): \($0)" } ?? ended,
      advice: "Start it by hand to see what it says: \(program) -t 5000 -n -o /dev/null")
  }

  /// It could not be started.
  static func error(_ program: String, _ error: SpawnError) -> CaptureError {
    let words = unsafe strerror(error.errno).map { unsafe String(cString: $0) } ?? "error \(error.errno)"
    return CaptureError(
      .sourceFailed, "\(program) cannot be started (\(words))", advice: "Check that it is installed and can be run.")
  }

  static func missing(_ program: String, package: String) -> CaptureError {
    CaptureError(
      .sourceFailed, "\(program) is not installed", advice: "Install it: sudo apt install \(package).")
  }
}
