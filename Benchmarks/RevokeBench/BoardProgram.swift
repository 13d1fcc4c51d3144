internal import Foundation
internal import Glibc
internal import PumpkiiAgent

/// The program on a board of its own folder: started, asked and killed.
struct BoardProgram: Sendable {
  let folder: String
  private let program: String
  private let profile: String

  /// Makes a new folder.
  init(program: String, profile: String) throws {
    self.program = program
    self.profile = profile
    folder = NSTemporaryDirectory() + "pumpkii-kill-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// Where the board keeps its state.
  var home: String { folder + "/board" }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// Starts an agent and waits until it listens at the board's socket, where a killed one's file may still lie.
  func startAgent() throws -> Process {
    let agent = try start(["agent", "run", "--home", home, "--profile", profile, "--log-level", "error"])
    for _ in 0..<600 {
      guard agent.isRunning else { break }
      if let status = try? status(), !status.sensors.isEmpty { return agent }
      usleep(20_000)
    }
    kill(agent)
    throw BenchError("the agent does not come up")
  }

  /// What the board says of itself, by its agent or from its folder alone.
  func status() throws -> BoardStatus {
    let output = Pipe()
    let process = try start(["status", "--board", home, "--json"], output)
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    guard end(of: process) == 0 else { throw BenchError("the board gives no status") }
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(BoardStatus.self, from: bytes)
  }

  /// Whether both ledgers verify.
  func isVerified() throws -> Bool { try run(["permissions", "verify", "--home", home]) == 0 }

  func run(_ arguments: [String]) throws -> Int32 { end(of: try start(arguments)) }

  func start(_ arguments: [String], _ output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  func end(of process: Process) -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }

  /// SIGKILL: nothing is flushed, closed or said.
  func kill(_ process: Process) {
    if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}
