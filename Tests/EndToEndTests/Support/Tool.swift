import Foundation
import Synchronization

enum Threads {
  /// A thread of its own: what blocks must not hold one of the few that tasks share.
  static func start(_ body: @escaping @Sendable () -> Void) {
    let thread = Thread(block: body)
    thread.stackSize = 1 << 20
    thread.start()
  }
}

/// Calls programs of other people: the second opinion on everything that arrives.
enum Tool {
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  struct Outcome: Sendable {
    let status: Int32
    let output: [UInt8]
    let errors: String
  }

  static func isInstalled(_ name: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { FileManager.default.isExecutableFile(atPath: "\($0)/\(name)") }
  }

  /// Runs a program to its end on a thread of its own.
  /// - Parameter input: its standard input, a few lines at most; nothing by default.
  static func outcome(_ name: String, _ arguments: [String], input: String = "") async throws -> Outcome {
    try await withCheckedThrowingContinuation { continuation in
      Threads.start { continuation.resume(with: Result { try wait(name, arguments, input) }) }
    }
  }

  /// Standard output of a program that must succeed.
  @discardableResult
  static func run(_ name: String, _ arguments: [String]) async throws -> [UInt8] {
    let outcome = try await outcome(name, arguments)
    guard outcome.status == 0 else {
      throw Failure(description: "\(name) \(arguments.joined(separator: " ")): \(outcome.status): \(outcome.errors)")
    }
    return outcome.output
  }

  private static func wait(_ name: String, _ arguments: [String], _ input: String) throws -> Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let typed = Pipe()
    // Less than a pipe holds, so that it waits for nobody.
    try typed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try typed.fileHandleForWriting.close()
    process.standardInput = typed
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    let complaints = Mutex(Data())
    let drained = DispatchSemaphore(value: 0)
    try process.run()
    Threads.start {
      let data = errors.fileHandleForReading.readDataToEndOfFile()
      complaints.withLock { $0 = data }
      drained.signal()
    }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    drained.wait()
    process.waitUntilExit()
    let text = complaints.withLock { String(decoding: $0, as: UTF8.self) }
    return Outcome(status: process.terminationStatus, output: Array(data), errors: text)
  }
}
