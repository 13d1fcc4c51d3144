import Foundation
import PumpkiiCapture
import PumpkiiSimulation

/// The repository's root, from this file's own place.
let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().path

/// A folder that is removed when the last one lets go of it.
final class ScratchFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "pumpkii-simulation-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  @discardableResult
  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: URL(filePath: file(name)))
    return file(name)
  }
}

/// Runs a command line in a folder and waits for its end.
func shell(_ line: String, in folder: String) throws -> Int32 {
  let process = Process()
  process.executableURL = URL(filePath: "/bin/sh")
  process.arguments = ["-c", line]
  process.currentDirectoryURL = URL(filePath: folder)
  process.standardInput = FileHandle.nullDevice
  process.standardOutput = FileHandle.nullDevice
  process.standardError = FileHandle.nullDevice
  try process.run()
  process.waitUntilExit()
  return process.terminationStatus
}

func contents(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

/// Frames of a session, each waited for.
func collect(_ session: any CameraSession, _ count: Int) throws -> [CapturedFrame] {
  var frames: [CapturedFrame] = []
  for _ in 0..<count { if let frame = try session.next(timeout: .seconds(10)) { frames.append(frame) } }
  return frames
}

/// One channel of some periods of a session.
func collect(_ session: any MicrophoneSession, periods: Int) throws -> [Int16] {
  var samples: [Int16] = []
  for _ in 0..<periods {
    guard let audio = try session.next(timeout: .seconds(10)) else { break }
    samples += stride(from: 0, to: audio.samples.count, by: session.format.channels).map { audio.samples[$0] }
  }
  return samples
}

/// A camera of small, quick frames.
func smallCamera(
  fps: Double = 30, format: CameraProfile.Format = .grey, buffers: Int = 4, clock: ClockQuality = ClockQuality(),
  faults: [Fault] = []
) -> CameraProfile {
  CameraProfile(
    source: .pattern, format: format, width: 320, height: 240, fps: fps, buffers: buffers,
    frozenAfter: 1_000_000_000, clock: clock, faults: faults)
}

/// A device of parts with a seed.
func device(
  camera: CameraProfile? = nil, microphone: MicrophoneProfile? = nil, seed: UInt64 = 1, clock: any SimulatedClock
) throws -> SimulatedDevice {
  try SimulatedDevice(DeviceProfile(name: "test", seed: seed, camera: camera, microphone: microphone), clock: clock)
}

/// The error of something that must fail.
func captureError<Value>(_ body: () throws(CaptureError) -> Value) -> CaptureError? {
  do throws(CaptureError) {
    _ = try body()
    return nil
  } catch {
    return error
  }
}
