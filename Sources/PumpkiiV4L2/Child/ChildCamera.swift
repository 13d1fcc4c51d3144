public import PumpkiiCapture
internal import PumpkiiSystem

/// A camera behind libcamera: a program delivers its pictures. Started when a session is opened, and only then; ended
/// and reaped when it is closed.
public final class ChildCamera: Camera {
  /// The names that ``init(program:wish:)`` takes.
  public static var programs: [String] { ChildProgram.allCases.map(\.rawValue) }

  /// The first of ``programs`` that is installed.
  public static var installedProgram: String? { ChildProgram.allCases.first { $0.find() != nil }?.rawValue }

  /// `child-rpicam-vid`.
  public let identity: SensorIdentity
  private let command: Command
  private let wish: CameraWish
  private let limits: ChildLimits
  private let kernel: any DeviceKernel

  private enum Command {
    case program(ChildProgram)
    case file(String, [String], fallback: [String])
  }

  /// A camera of a known program.
  /// - Returns: nil where the name is none of ``programs``. Whether it is installed shows at opening.
  public init?(program: String, wish: CameraWish) {
    guard let known = ChildProgram(rawValue: program) else { return nil }
    command = .program(known)
    identity = SensorIdentity(
      kind: .camera, id: "child-\(program)", name: "Board camera by \(program)", capabilities: "program \(program)\n")
    self.wish = wish
    limits = ChildLimits()
    kernel = LinuxKernel()
  }

  /// A camera of any program that writes H.264 in Annex B to its standard output.
  package init(
    executable: String, arguments: [String], fallback: [String] = [], identity: SensorIdentity,
    wish: CameraWish = CameraWish(), limits: ChildLimits = ChildLimits(), kernel: any DeviceKernel = LinuxKernel()
  ) {
    command = .file(executable, arguments, fallback: fallback)
    self.identity = identity
    self.wish = wish
    self.limits = limits
    self.kernel = kernel
  }

  /// Starts the program and waits for its first picture.
  /// - Throws: ``CaptureError``: `sourceFailed`, or what the program's last words mean: `gone`, `busy`, `noPermission`.
  public func open(observer: @escaping SensorObserver) throws(CaptureError) -> any CameraSession {
    let (name, executable, arguments, fallback) = try resolve()
    if !wish.controls.isEmpty {
      observer(.note("\(name) sets no V4L2 controls: \(wish.controls.keys.sorted().joined(separator: ", ")) left out"))
    }
    do throws(CaptureError) {
      return try start(name, executable, arguments)
    } catch {
      guard ChildFailure.wantsFormat(error), !fallback.isEmpty else { throw error }
      observer(.note("\(name) codes by software: \(fallback.joined(separator: " "))"))
      return try start(name, executable, arguments + fallback)
    }
  }

  private func start(
    _ name: String, _ executable: String, _ arguments: [String]
  ) throws(CaptureError) -> any CameraSession {
    let process: ChildProcess
    do throws(SpawnError) {
      process = try ChildProcess(executable, arguments, environment: ChildProgram.environment())
    } catch {
      throw ChildFailure.error(name, error)
    }
    return try ChildSession(process, name: name, wish: wish, limits: limits, kernel: kernel)
  }

  private func resolve() throws(CaptureError) -> (
    name: String, executable: String, arguments: [String], fallback: [String]
  ) {
    switch command {
    case .file(let path, let arguments, let fallback): return (SysfsTree.lastPart(path), path, arguments, fallback)
    case .program(let program):
      guard let path = program.find() else {
        throw ChildFailure.missing(program.rawValue, package: program.package)
      }
      return (program.rawValue, path, program.arguments(wish), ChildProgram.softwareEncoder)
    }
  }
}

/// How long a child is waited for.
package struct ChildLimits: Sendable {
  /// Until the first picture.
  package var start: Duration
  /// Between SIGTERM and SIGKILL.
  package var patience: Duration
  /// Bytes of one picture.
  package var unit: Int

  /// Limits.
  package init(start: Duration = .seconds(10), patience: Duration = .seconds(2), unit: Int = 4 << 20) {
    self.start = start
    self.patience = patience
    self.unit = unit
  }
}
