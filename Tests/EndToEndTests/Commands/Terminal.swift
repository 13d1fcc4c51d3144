import Foundation
import Testing

/// The program as people run it, in a folder of its own.
struct Terminal {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  static let isBuilt: ConditionTrait = .enabled(
    if: AgentProcess.exists, "the pumpkii program is not built beside the tests")

  let folder: String

  /// Makes a folder, runs `body`, and removes it.
  static func with(_ body: (Terminal) async throws -> Void) async throws {
    let folder = NSTemporaryDirectory() + "pumpkii-command-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try await body(Terminal(folder: folder))
  }

  /// The same with a board that is its own owner in `board`, and these flags allowed.
  static func withBoard(_ flags: [String] = [], _ body: (Terminal) async throws -> Void) async throws {
    try await with { line in
      try line.write(flags.map { "\($0)=allow\n" }.joined(), "answers")
      let outcome = try await line.run("setup", "--local", "--board", line.board, "--answers", line.path("answers"))
      try #require(outcome.status == 0, "\(outcome.errors)")
      try await body(line)
    }
  }

  var board: String { path("board") }
  func path(_ name: String) -> String { "\(folder)/\(name)" }
  func write(_ text: String, _ name: String) throws { try Data(text.utf8).write(to: URL(filePath: path(name))) }
  func read(_ name: String) throws -> String { try String(contentsOfFile: path(name), encoding: .utf8) }
  func names(in name: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path(name)) }
  var names: Set<String> { get throws { Set(try FileManager.default.contentsOfDirectory(atPath: folder)) } }

  func run(_ arguments: String..., input: String = "") async throws -> Outcome {
    try await Self.outcome(AgentProcess.path, arguments, input)
  }

  /// As somebody who has no right to the board's folder.
  func runAsStranger(_ arguments: [String]) async throws -> Outcome {
    guard getuid() == 0 else {
      try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: board)
      defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: board) }
      return try await Self.outcome(AgentProcess.path, arguments, "")
    }
    let stranger = ["--reuid=65534", "--regid=65534", "--clear-groups", AgentProcess.path]
    return try await Self.outcome("setpriv", stranger + arguments, "")
  }

  /// A script of this repository.
  func script(_ name: String, _ arguments: String...) async throws -> Outcome {
    try await Self.outcome("\(LocalOnlyRun.root)/scripts/\(name)", arguments, "")
  }

  private static func outcome(_ name: String, _ arguments: [String], _ input: String) async throws -> Outcome {
    let outcome = try await Tool.outcome(name, arguments, input: input)
    return Outcome(
      status: outcome.status, output: String(decoding: outcome.output, as: UTF8.self), errors: outcome.errors)
  }
}
