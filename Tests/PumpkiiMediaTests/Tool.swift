import Foundation
import Synchronization

/// Calls ffmpeg and ffprobe, the second opinion on everything this room makes.
enum Tool {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Standard output of a program on PATH, fed with `input`.
  static func run(_ name: String, _ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let folder = try Scratch()
    let source = try folder.write(input, "input")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let (output, errors) = (folder.url("output"), folder.url("errors"))
    for file in [output, errors] { try Data().write(to: file) }
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: source))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: "\(name) \(arguments): \(try String(contentsOf: errors, encoding: .utf8))")
    }
    return [UInt8](try Data(contentsOf: output))
  }

  static func ffmpeg(_ arguments: String, input: [UInt8] = []) throws -> [UInt8] {
    let isMaterial = input.isEmpty
    if isMaterial, let known = made.withLock({ $0[arguments] }) { return known }
    let words = arguments.split(separator: " ").map(String.init)
    let output = try run("ffmpeg", ["-v", "error", "-threads", "1"] + words, input: input)
    if isMaterial { made.withLock { $0[arguments] = output } }
    return output
  }

  /// What ffmpeg made without input, by its arguments: many tests work on the same pictures.
  private static let made = Mutex<[String: [UInt8]]>([:])

  /// Values of ffprobe's default writer as a dictionary for each section.
  static func ffprobe(_ arguments: String, input: [UInt8]) throws -> [[String: String]] {
    let folder = try Scratch()
    let path = try folder.write(input, "film.mp4")
    let words = arguments.split(separator: " ").map(String.init)
    let text = try run("ffprobe", ["-v", "error"] + words + ["-of", "default", path])
    var sections: [[String: String]] = []
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("[/") { continue }
      if line.hasPrefix("[") { sections.append([:]) }
      if let at = line.firstIndex(of: "="), !sections.isEmpty {
        sections[sections.count - 1][String(line[..<at])] = String(line[line.index(after: at)...])
      }
    }
    return sections
  }
}

/// A folder that goes away with the test.
final class Scratch {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("media-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func url(_ name: String) -> URL { folder.appendingPathComponent(name) }

  func write(_ bytes: [UInt8], _ name: String) throws -> String {
    try Data(bytes).write(to: url(name))
    return url(name).path
  }
}
