import Foundation
import PumpkiiALSA
import PumpkiiCapture

/// alsa-lib without a sound card: the test plugin, built once a test run, and one configuration for all tests, since
/// alsa-lib reads it from the environment of the process.
final class SoundLab: Sendable {
  struct Failure: Error, CustomStringConvertible { var description: String }

  private static let made = Result { try SoundLab() }

  /// - Throws: ``Failure`` where there is no C compiler: then these tests fail, they are not left out.
  static func shared() throws -> SoundLab { try made.get() }

  private let folder: URL

  private init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "pumpkii-sound-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let plugin = folder.appending(path: "libasound_module_pcm_pumpkii_lab.so")
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Plugin/lab_microphone.c").standardizedFileURL
    try Self.compile(source, to: plugin)
    let configuration = folder.appending(path: "asound.conf")
    try Self.configuration(plugin).write(to: configuration, atomically: true, encoding: .utf8)
    unsafe setenv("ALSA_CONFIG_PATH", configuration.path, 1)
    atexit { try? FileManager.default.removeItem(atPath: SoundLab.temporaryPath) }
  }

  private static var temporaryPath: String {
    FileManager.default.temporaryDirectory.appending(path: "pumpkii-sound-\(getpid())").path
  }

  private static func compile(_ source: URL, to plugin: URL) throws {
    for compiler in ["cc", "clang", "gcc"] {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments =
        [compiler, "-O1", "-Wall", "-Wextra", "-shared", "-fPIC", "-DPIC", "-o", plugin.path, source.path, "-lasound"]
      let output = Pipe()
      process.standardError = output
      try process.run()
      let said = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      if process.terminationStatus == 0 { return }
      // env(1) says 127 for a program that is not there.
      if process.terminationStatus != 127 {
        throw Failure(description: "the test plugin does not compile: \(String(decoding: said, as: UTF8.self))")
      }
    }
    throw Failure(description: "no C compiler: install gcc or clang, and libasound2-dev, for the microphone's tests")
  }

  private static let numbers: [(String, Int)] = [
    ("rate", 48_000), ("channels", 1), ("ppm", 0), ("delay_ms", 0), ("xrun_at", 0), ("xrun_every", 0),
    ("suspend_at", 0), ("resumes", -1), ("gone_at", 0), ("stall_at", 0), ("mute_at", -1), ("mute_until", 0),
    ("open_error", 0), ("buffer_bytes", 1 << 20),
  ]

  /// `lab` and `labplug` take every knob of the plugin as an argument.
  private static func configuration(_ plugin: URL) -> String {
    let names = ["FILE", "FORMAT"] + numbers.map { $0.0.uppercased() }
    let types =
      "  @args.FILE { type string default \"\" }\n  @args.FORMAT { type string default \"S16_LE\" }\n"
      + numbers.map { "  @args.\($0.0.uppercased()) { type integer default \($0.1) }\n" }.joined()
    let head = "  @args [ \(names.joined(separator: " ")) ]\n" + types
    let body =
      "type pumpkii_lab\n file $FILE\n format $FORMAT\n"
      + numbers.map { " \($0.0) $\($0.0.uppercased())\n" }.joined()
    return """
      </usr/share/alsa/alsa.conf>
      pcm_type.pumpkii_lab { lib "\(plugin.path)" }
      pcm.lab {
      \(head) \(body)}
      pcm.labplug {
      \(head) type plug
       slave.pcm { \(body) }
      }
      pcm.labfile {
        @args [ FILE ]
        @args.FILE { type string default "" }
        type file
        slave.pcm { type null }
        file "/dev/null"
        infile $FILE
        format "raw"
      }
      pcm.labsnoop {
        type dsnoop
        ipc_key 78_4711
        slave.pcm "lab"
      }

      """.replacingOccurrences(of: "78_4711", with: "784711")
  }

  /// The test microphone with these knobs.
  func microphone(
    _ knobs: [String: Int] = [:], file: [Int16]? = nil, format: SampleFormat = .s16, through pcm: String = "lab",
    wish: MicrophoneWish = MicrophoneWish(), silence: SilenceWatch = SilenceWatch()
  ) throws -> ALSAMicrophone {
    ALSAMicrophone(
      ALSADevice(pcm: try name(knobs, file: file, format: format, through: pcm)), wish: wish,
      directory: ALSADirectory(), silence: silence)
  }

  /// What alsa-lib opens for it.
  func name(
    _ knobs: [String: Int] = [:], file: [Int16]? = nil, format: SampleFormat = .s16, through pcm: String = "lab"
  ) throws -> String {
    let path = try self.file(file ?? Self.tone(rate: knobs["rate"] ?? 48_000, channels: knobs["channels"] ?? 1))
    let sorted = knobs.sorted { $0.key < $1.key }.map { "\($0.key.uppercased())=\($0.value)" }
    return "\(pcm):" + (["FILE=\"\(path)\"", "FORMAT=\(format.rawValue)"] + sorted).joined(separator: ",")
  }

  /// Writes samples where the plugin reads them.
  func file(_ samples: [Int16]) throws -> String {
    let path = folder.appending(path: UUID().uuidString + ".raw")
    try Data(samples.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }).write(to: path)
    return path.path
  }

  /// Half a second of a ramp: every sample says where it stands, none is zero.
  static func tone(rate: Int, channels: Int) -> [Int16] {
    (0..<rate / 2).flatMap { frame in [Int16](repeating: Int16(frame % 20_000 + 1), count: channels) }
  }

  /// Descriptors this process has open.
  static func descriptors() -> Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? -1
  }
}
