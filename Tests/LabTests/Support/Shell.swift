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
