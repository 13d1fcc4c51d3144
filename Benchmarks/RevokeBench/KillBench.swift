internal import Foundation
internal import Glibc
internal import PumpkiiAgent

/// Kills whoever changes a board's policy at a random instant, and asks what holds afterwards: the old policy or the
/// new one as a whole, and the new one where the change had been answered.
struct KillBench {
  /// One kill.
  struct Trial: Encodable {
    let change: String
    /// What was killed: `command` (which works on the folder alone) or `agent` (which the command asks).
    let victim: String
    let milliseconds: Double
    /// `old`, `new`, or `other`.
    let found: String
    let wasAnswered: Bool
    let isRight: Bool
    let detail: String
  }

  private let program: String
  private let folder: String
  private let profile: String
  private var model = BoardModel()

  /// Makes a board that is its own owner in a new folder.
  init(program: String, profile: String) throws {
    self.program = program
    self.profile = profile
    folder = NSTemporaryDirectory() + "pumpkii-kill-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let answers = folder + "/answers"
    try BoardModel.flags.map { $0 + "=allow\n" }.joined().write(toFile: answers, atomically: true, encoding: .utf8)
    guard try end(of: start(["setup", "--local", "--board", board, "--answers", answers])) == 0 else {
      throw BenchError("the board cannot be set up")
    }
  }

  private var board: String { folder + "/board" }

  func remove() { try? FileManager.default.removeItem(atPath: folder) }

  /// - Parameter progress: told after each kill.
  mutating func run(_ count: Int, progress: (Int) -> Void) throws -> [Trial] {
    let length = try duration()
    return try (0..<count).map { number in
      defer { progress(number + 1) }
      let pause = Double.random(in: 0...1.2) * length
      return number % 2 == 0 ? try killCommand(number / 2, after: pause) : try killAgent(number / 2, after: pause)
    }
  }

  /// Seconds that a change takes which nobody disturbs: the median of five.
  private mutating func duration() throws -> Double {
    let times = try (0..<5).map { number -> Double in
      let (arguments, after) = model.change(number)
      let began = ContinuousClock.now
      guard try end(of: start(command(arguments))) == 0 else { throw BenchError("\(arguments) was refused") }
      model = after
      return (ContinuousClock.now - began) / .seconds(1)
    }
    return times.sorted()[2]
  }

  private mutating func killCommand(_ number: Int, after pause: Double) throws -> Trial {
    let (arguments, after) = model.change(number)
    let process = try start(command(arguments))
    usleep(UInt32(pause * 1e6))
    kill(process)
    return try judge(arguments, after, victim: "command", pause, try end(of: process) == 0)
  }

  private mutating func killAgent(_ number: Int, after pause: Double) throws -> Trial {
    let (arguments, after) = model.change(number)
    let agent = try start(["agent", "run", "--home", board, "--profile", profile, "--log-level", "error"])
    defer { kill(agent) }
    guard try waitForAgent(agent) else { throw BenchError("the agent does not come up") }
    guard model.matches(try status()) else { throw BenchError("the agent came up with another policy than \(model)") }
    let process = try start(command(arguments))
    usleep(UInt32(pause * 1e6))
    kill(agent)
    let wasAnswered = try end(of: process) == 0
    return try judge(arguments, after, victim: "agent", pause, wasAnswered)
  }

  /// Whether it listens at the board's socket, where a killed one's file may still lie.
  private func waitForAgent(_ agent: Process) throws -> Bool {
    for _ in 0..<600 {
      guard agent.isRunning else { return false }
      if let status = try? status(), !status.sensors.isEmpty { return true }
      usleep(20_000)
    }
    return false
  }

  private mutating func judge(
    _ arguments: [String], _ after: BoardModel, victim: String, _ pause: Double, _ wasAnswered: Bool
  ) throws -> Trial {
    let status = try status()
    let isVerified = try end(of: start(["permissions", "verify", "--home", board])) == 0
    let found = after.matches(status) ? "new" : model.matches(status) ? "old" : "other"
    let isRight = isVerified && (found == "new" || found == "old" && !wasAnswered)
    let detail = isRight ? "" : "from \(model) to \(after), ledgers \(isVerified ? "verify" : "do not verify")"
    if found == "new" { model = after }
    return Trial(
      change: arguments.joined(separator: " "), victim: victim, milliseconds: pause * 1000, found: found,
      wasAnswered: wasAnswered, isRight: isRight, detail: detail)
  }

  private func command(_ arguments: [String]) -> [String] { ["permissions"] + arguments + ["--board", board] }

  private func status() throws -> BoardStatus {
    let output = Pipe()
    let process = try start(["status", "--board", board, "--json"], output)
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    guard try end(of: process) == 0 else { throw BenchError("the board gives no status") }
    return try JSONDecoder().decode(BoardStatus.self, from: bytes)
  }

  private func start(_ arguments: [String], _ output: Pipe? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = output ?? FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  private func end(of process: Process) throws -> Int32 {
    process.waitUntilExit()
    return process.terminationReason == .exit ? process.terminationStatus : -1
  }

  /// SIGKILL: nothing is flushed, closed or said.
  private func kill(_ process: Process) {
    if process.isRunning { Glibc.kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }
}
