// pumpkii-revoke: how fast off is. `pumpkii-revoke trials [--count N] [--json FILE]`, and
// `pumpkii-revoke kills|paired --program PUMPKII --profile FILE [--count N] [--json FILE]`. Ends with 1 where a promise
// is missed.
internal import Glibc
internal import PumpkiiSystem

let arguments = Array(CommandLine.arguments.dropFirst())

func value(after flag: String) -> String? {
  arguments.firstIndex(of: flag).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}

func say(_ line: String) { unsafe _ = write(STDERR_FILENO, line, line.utf8.count) }

func conclude(_ report: some BenchReport) throws {
  print(report.text)
  if let path = value(after: "--json") { try DurableFile.write(Array(report.json.utf8), to: path, mode: 0o644) }
  if !report.isReached { exit(1) }
}

let count = value(after: "--count").flatMap { Int($0) } ?? 200
let isTerminal = isatty(STDERR_FILENO) == 1

@Sendable func progress(_ done: Int, _ all: Int) {
  if isTerminal { say("\r\(done) of \(all)\(done == all ? "\n" : "")") }
}

func measureTrials() async throws {
  let all = count
  try conclude(RevokeReport(try await RevokeBench(trials: all) { progress($0, all) }.run()))
}

func board() throws -> BoardProgram {
  guard let program = value(after: "--program"), let profile = value(after: "--profile") else {
    throw BenchError("kills needs --program and --profile")
  }
  return try BoardProgram(program: program, profile: profile)
}

func measureKills() throws {
  let board = try board()
  defer { board.remove() }
  var bench = try KillBench(board)
  try conclude(KillReport(try bench.run(count) { progress($0, count) }))
}

func measurePairedKills() async throws {
  let (board, all) = (try board(), count)
  defer { board.remove() }
  try conclude(KillReport(try await PairedKillBench(board: board) { progress($0, all) }.run(all)))
}

do {
  switch arguments.first {
  case "trials": try await measureTrials()
  case "kills": try measureKills()
  case "paired": try await measurePairedKills()
  default: print("pumpkii-revoke trials|kills|paired [--count N] [--json FILE]")
  }
} catch {
  say("pumpkii-revoke: \(error)\n")
  exit(70)
}
