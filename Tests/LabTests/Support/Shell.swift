import Foundation
import PumpkiiSystem

/// Runs the programs that people use on cameras, on threads of their own.
enum Shell {
  struct Outcome: Sendable {
    let status: Int32
    /// Standard output and standard error as they came.
    let text: String
  }

  /// Runs a line of shell to its end.
  static func outcome(_ line: String) async -> Outcome {
    await DeviceThread.run(named: "shell") { wait(line) }
  }

  /// What a line that must succeed printed.
  @discardableResult
  static func run(_ line: String) async throws -> String {
    let outcome = await outcome(line)
    guard outcome.status == 0 else { throw Lab.Obstacle("\(line): status \(outcome.status): \(outcome.text)") }
    return outcome.text
  }

  /// Runs a program that would not end by itself beside `body`, and ends it afterwards.
  /// - Returns: whether it still ran then.
  @discardableResult
  static func beside(_ program: String, _ body: () async throws -> Void) async throws -> Bool {
    nonisolated(unsafe) var isRunning = false
    try await Lab.withFolder { folder in
      async let other = outcome(
        "\(program) & until [ -e \(folder)/end ]; do sleep 0.1; done; kill $! || exit 3; wait $!; exit 0")
      let ended = await Result { try await body() }
      _ = FileManager.default.createFile(atPath: "\(folder)/end", contents: nil)
      unsafe isRunning = await other.status == 0
      try ended.get()
    }
    return unsafe isRunning
  }

  private static func wait(_ line: String) -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", line]
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    do {
      try process.run()
    } catch {
      return Outcome(status: -1, text: "\(error)")
    }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(status: process.terminationStatus, text: String(decoding: data, as: UTF8.self))
  }
}

extension Result where Failure == any Error {
  /// What an asynchronous piece of work came to.
  init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
