import Foundation
import PumpkiiCapture
import PumpkiiV4L2
import Testing

/// A camera whose program is a shell script: `$D` is a folder of its own, `$D/units` a short film.
final class FakeChild {
  let folder: String
  private let script: String
  static let pictures = [CodedUnits.key(0), CodedUnits.other(1), CodedUnits.other(2), CodedUnits.other(3)]

  init(_ script: String, units: [UInt8] = FakeChild.pictures.flatMap { $0 }) throws {
    var template = Array((NSTemporaryDirectory() + "/pumpkii-child-XXXXXX").utf8CString)
    guard let made = unsafe mkdtemp(&template) else { throw POSIXError(.EIO) }
    folder = unsafe String(cString: made)
    self.script =
      "D=\(folder); echo $$ > $D/pid; P=$(readlink /proc/$$/fd/1 /proc/$$/fd/2); echo \"$P\" > $D/pipes; \(script)"
    try Data(units).write(to: URL(fileURLWithPath: folder + "/units"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// - Parameter fallback: what is added where it cannot tell the format; the first word is `$0`.
  func camera(
    _ wish: CameraWish = CameraWish(), limits: ChildLimits = ChildLimits(), fallback: [String] = []
  ) -> ChildCamera {
    ChildCamera(
      executable: "/bin/sh", arguments: ["-c", script], fallback: fallback,
      identity: SensorIdentity(kind: .camera, id: "child-fake", name: "fake"), wish: wish, limits: limits)
  }

  func text(_ name: String) -> String { (try? String(contentsOfFile: folder + "/" + name, encoding: .utf8)) ?? "" }

  /// Waits for a file the script writes.
  func waits(for name: String) -> Bool { Self.wait { !self.text(name).isEmpty } }

  static func wait(until condition: () -> Bool) -> Bool {
    for _ in 0..<24_000 where !condition() { usleep(5000) }
    return condition()
  }

  /// Whether the script itself is a process, living or dead but not reaped.
  var isInProc: Bool { FileManager.default.fileExists(atPath: "/proc/" + text("pid").trimmed) }

  /// Descriptors of ours that lead to its pipes.
  var heldPipes: [String] {
    let pipes = text("pipes").split(separator: "\n").map(String.init)
    let ours = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    return ours.compactMap { try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)") }
      .filter(pipes.contains)
  }
}

extension String {
  /// Without blanks at both ends.
  var trimmed: String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
