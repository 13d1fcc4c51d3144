import Foundation
import Testing

/// The lab's machine: a kernel of our own, whose modules may be loaded and whose devices may be pulled out.
enum Lab {
  /// Whether this process runs in it; `scripts/lab` says so.
  static let isHere = ProcessInfo.processInfo.environment["PUMPKII_LAB"] != nil

  /// Where ffmpeg and its like stand in the machine.
  static let programs = ProcessInfo.processInfo.environment["PROGRAMS"] ?? "/usr/bin"

  /// Where films and frames go that people may want to see.
  static let kept = ProcessInfo.processInfo.environment["PUMPKII_LAB_KEPT"] ?? NSTemporaryDirectory()

  /// The project's scripts, which the machine's shell runs with our programs.
  static let scripts = ProcessInfo.processInfo.environment["PUMPKII_LAB_SCRIPTS"] ?? "scripts"

  /// Runs a script of ours, to which our programs seem built in its own folder.
  static func script(_ line: String) async throws -> Shell.Outcome {
    nonisolated(unsafe) var outcome: Shell.Outcome?
    try await withFolder { folder in
      let products = "\(folder)/.build"
      try await Shell.run("mkdir \(products) && cp -r \(scripts) \(folder)/ && ln -s \(programs) \(products)/release")
      // Before busybox's, the programs that the scripts were written for.
      unsafe outcome = await Shell.outcome("PATH=/usr/bin:$PATH exec bash \(folder)/scripts/\(line)")
    }
    guard let outcome = unsafe outcome else { throw Obstacle("\(line) did not run") }
    return outcome
  }

  /// What stands in the way of a scenario, in one line.
  struct Obstacle: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
  }

  /// A new folder that goes with the scenario.
  static func withFolder(_ body: (String) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "/lab-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(folder)
  }
}

extension Trait where Self == ConditionTrait {
  /// Leaves the scenario out on a machine that somebody uses.
  static var inTheLab: Self { .enabled(if: Lab.isHere, "scripts/lab runs it in a machine of its own") }
}
