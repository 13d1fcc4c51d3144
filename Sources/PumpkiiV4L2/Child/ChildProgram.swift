internal import CPumpkiiV4L2
internal import Glibc
package import PumpkiiCapture

/// The programs that may deliver pictures: a closed list, so that no configuration can name a command to run.
package enum ChildProgram: String, CaseIterable, Sendable {
  /// Raspberry Pi OS since Bookworm.
  case rpicam = "rpicam-vid"
  /// What it was called before.
  case libcamera = "libcamera-vid"

  /// The package that has it.
  package var package: String {
    switch self {
    case .rpicam: "rpicam-apps"
    case .libcamera: "libcamera-apps"
    }
  }

  /// H.264 in Annex B on standard output until it is ended, without a preview window, each picture at once, parameter
  /// sets before each IDR picture, of which there is one a second, as nobody can ask it for one.
  package func arguments(_ wish: CameraWish) -> [String] {
    let rate = ChildProgram.rate(wish)
    return [
      "--codec", "h264", "--inline", "--flush", "-t", "0", "-n", "--width", "\(wish.width ?? 1280)", "--height",
      "\(wish.height ?? 720)", "--framerate", Self.text(rate), "--intra", "\(max(Int(rate.value.rounded()), 1))", "-o",
      "-",
    ]
  }

  /// What is added where no encoder of the board writes to a pipe (Raspberry Pi 5): libav must be told the format of a
  /// file without a name, and to code no picture out of order.
  package static let softwareEncoder = ["--libav-format", "h264", "--profile", "baseline"]

  /// The rate asked for, in thousandths where it is not whole.
  static func rate(_ wish: CameraWish) -> VideoFormat.Ratio {
    let rate = min(max(wish.rate ?? 30, 0.1), 1000)
    return rate == rate.rounded()
      ? VideoFormat.Ratio(UInt32(rate)) : VideoFormat.Ratio(UInt32((rate * 1000).rounded()), 1000)
  }

  private static func text(_ rate: VideoFormat.Ratio) -> String {
    rate.denominator == 1 ? "\(rate.numerator)" : "\(rate.value)"
  }

  /// The first executable of that name in an absolute folder of PATH.
  package func find(path: String = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? "/usr/bin:/bin")
    -> String?
  {
    let folders = path.split(separator: ":").filter { $0.hasPrefix("/") }
    return folders.map { "\($0)/\(rawValue)" }.first(where: Self.isProgram)
  }

  static func isProgram(_ path: String) -> Bool {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
    return unsafe access(path, X_OK) == 0
  }

  private static let kept = [
    "LIBCAMERA_RPI_TUNING_FILE", "LIBCAMERA_RPI_CONFIG_FILE", "LIBCAMERA_IPA_MODULE_PATH", "LIBCAMERA_LOG_LEVELS",
  ]

  /// What the child may know of ours: nothing but where programs and its own tuning files are.
  package static func environment() -> [String] {
    ["PATH=/usr/local/bin:/usr/bin:/bin", "LANG=C"]
      + kept.compactMap { name in unsafe getenv(name).map { unsafe "\(name)=\(String(cString: $0))" } }
  }
}
