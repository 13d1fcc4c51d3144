internal import Glibc
internal import PumpkiiCapture
internal import PumpkiiV4L2

/// Whether this account may open a node.
enum AccessCheck {
  static func findings(_ path: String, topic: String, words: String) -> [Finding] {
    guard unsafe access(path, R_OK | W_OK) != 0 else { return [Finding(.ok, topic, "\(path) may be opened")] }
    let error = CallFailure.error("open", errno: EACCES, path: path, holder: nil)
    return [Finding(.problem, topic, "\(error.reason) (\(words))", advice: error.advice)]
  }
}
