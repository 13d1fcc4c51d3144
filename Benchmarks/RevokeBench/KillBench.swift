internal import Foundation
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

  private let board: BoardProgram
  private var model = BoardModel()

  /// Makes a board that is its own owner.
  init(_ board: BoardProgram) throws {
    self.board = board
    let answers = board.folder + "/answers"
    try BoardModel.flags.map { $0 + "=allow\n" }.joined().write(toFile: answers, atomically: true, encoding: .utf8)
    guard try board.run(["setup", "--local", "--board", board.home, "--answers", answers]) == 0 else {
      throw BenchError("the board cannot be set up")
    }
  }

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
      guard try board.run(command(arguments)) == 0 else { throw BenchError("\(arguments) was refused") }
      model = after
      return (ContinuousClock.now - began) / .seconds(1)
    }
    return times.sorted()[2]
  }

  private mutating func killCommand(_ number: Int, after pause: Double) throws -> Trial {
    let (arguments, after) = model.change(number)
    let process = try board.start(command(arguments))
    usleep(UInt32(pause * 1e6))
    board.kill(process)
    return try judge(arguments, after, victim: "command", pause, board.end(of: process) == 0)
  }

  private mutating func killAgent(_ number: Int, after pause: Double) throws -> Trial {
    let (arguments, after) = model.change(number)
    let agent = try board.startAgent()
    defer { board.kill(agent) }
    let status = try board.status()
    guard model.matches(status) else {
      throw BenchError("the agent came up with another policy than \(model): it says \(BoardModel.words(status))")
    }
    let process = try board.start(command(arguments))
    usleep(UInt32(pause * 1e6))
    board.kill(agent)
    let wasAnswered = board.end(of: process) == 0
    return try judge(arguments, after, victim: "agent", pause, wasAnswered)
  }

  private mutating func judge(
    _ arguments: [String], _ after: BoardModel, victim: String, _ pause: Double, _ wasAnswered: Bool
  ) throws -> Trial {
    let (status, isVerified) = (try board.status(), try board.isVerified())
    let found = after.matches(status) ? "new" : model.matches(status) ? "old" : "other"
    let isRight = isVerified && (found == "new" || found == "old" && !wasAnswered)
    let detail = isRight ? "" : "from \(model) to \(after), ledgers \(isVerified ? "verify" : "do not verify")"
    if found == "new" { model = after }
    return Trial(
      change: arguments.joined(separator: " "), victim: victim, milliseconds: pause * 1000, found: found,
      wasAnswered: wasAnswered, isRight: isRight, detail: detail)
  }

  private func command(_ arguments: [String]) -> [String] { ["permissions"] + arguments + ["--board", board.home] }
}
