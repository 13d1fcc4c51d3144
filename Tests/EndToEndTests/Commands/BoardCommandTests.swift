import Foundation
import Testing

extension EndToEnd {
  /// What the commands on the board say is so.
  @Suite(Terminal.isBuilt, .timeLimit(.minutes(10))) struct BoardCommandTests {
    @Test func aBoardWithoutARunningAgentSaysSoAndHasNoEmptyHeading() async throws {
      try await Terminal.withBoard(["sensor.camera"]) { terminal in
        let outcome = try await terminal.run("status", "--board", terminal.board)
        #expect(outcome.output.contains("the agent is not running: nothing is open\n"), "\(outcome)")
        #expect(outcome.output.contains("  allow  sensor.camera\n"))
        let lines = outcome.output.split(separator: "\n", omittingEmptySubsequences: false)
        for (heading, next) in zip(lines, lines.dropFirst()) where ["sensors", "who may see"].contains(heading) {
          #expect(next.hasPrefix("  "), "nothing stands under \(heading)")
        }
        let json = try await terminal.run("status", "--board", terminal.board, "--json").output
        #expect(json.contains(#""is_running":false"#), "\(json)")
      }
    }

    @Test func clipsOfABoardWhoseAgentDoesNotRunAreListedAndNoneIsBegun() async throws {
      try await Terminal.withBoard(["sensor.camera", "record.local"]) { terminal in
        let none = try await terminal.run("clips", "list", "--board", terminal.board)
        #expect(none.status == 0 && none.output == "This camera has no clips.\n", "\(none)")
        try FileManager.default.createDirectory(
          atPath: terminal.path("board/spool/clips"), withIntermediateDirectories: true)
        try terminal.write("a clip", "board/spool/clips/7.pumpkii")
        try terminal.write("cut off", "board/spool/clips/8.open")
        let one = try await terminal.run("clips", "list", "--board", terminal.board).output
        #expect(one.hasPrefix("7  6 bytes  ended ") && one.hasSuffix("  here; this camera has no relay\n"), "\(one)")
        #expect(try Set(terminal.names(in: "board/spool/clips")) == ["7.pumpkii", "8.open"], "a look changes nothing")
        let wish = try await terminal.run("clips", "record", "--board", terminal.board)
        #expect(wish.status != 0 && wish.errors.contains("no agent runs on this folder"), "\(wish)")
      }
    }

    @Test func whatIsFollowedIntoAPipeClearsNoScreen() async throws {
      try await Terminal.withBoard { terminal in
        let process = Process()
        process.executableURL = URL(filePath: AgentProcess.path)
        process.arguments = ["status", "--board", terminal.board, "--follow"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        var text = ""
        while text.ranges(of: "policy version").count < 2 {
          let data = output.fileHandleForReading.availableData
          guard !data.isEmpty else { break }
          text += String(decoding: data, as: UTF8.self)
        }
        process.interrupt()
        process.waitUntilExit()
        #expect(text.ranges(of: "policy version").count == 2 && !text.contains("\u{1B}"), "\(text)")
      }
    }

    @Test func whoHasNoRightToTheFolderIsToldThatAndNothingElse() async throws {
      try await Terminal.withBoard { terminal in
        let commands = [
          ["status", "--board"], ["permissions", "narrow", "sensor.camera", "--board"],
          ["permissions", "show", "--board"], ["permissions", "pause", "--board"], ["explain", "E1", "--board"],
          ["setup", "--local", "--board"], ["agent", "run", "--camera", "auto", "--home"],
          ["permissions", "log", "--home"], ["permissions", "verify", "--home"],
          ["clips", "open", "none", "--output", "none.mp4", "--board"],
        ]
        for command in commands {
          let outcome = try await terminal.runAsStranger(command + [terminal.board])
          #expect(outcome.status == 77, "\(command): \(outcome)")
          #expect(outcome.errors.contains("no permission") && outcome.errors.contains("as the agent's user"))
        }
      }
    }

    @Test func whatCannotLeaveABoardWithoutAnAccountIsNotSaidToBeInForce() async throws {
      try await Terminal.withBoard { terminal in
        let mode = try await terminal.run("permissions", "mode", "stream", "--board", terminal.board)
        #expect(mode.status == 0 && mode.output.contains("share.photo, share.video"), "\(mode)")
        #expect(mode.output.contains("Nothing leaves a board without an account"))
        #expect(!mode.output.contains("can watch"))
        let why = try await terminal.run("explain", "share.video", "--board", terminal.board).output
        #expect(why.contains("nothing leaves a board without an account") && why.contains("pumpkii agent pair"))
        #expect(!why.contains("account terms"), "there is no account to accept with: \(why)")
        let detect = try await terminal.run("permissions", "mode", "detect", "--board", terminal.board).output
        #expect(detect.contains("motion is looked for"), "\(detect)")
      }
    }

    @Test func aPauseIsCalledOneAndAnAccountsOwnFlagsAreNotShown() async throws {
      try await Terminal.withBoard(["sensor.camera"]) { terminal in
        _ = try await terminal.run("permissions", "pause", "--board", terminal.board)
        for command in ["status", "permissions show"] {
          let words = command.split(separator: " ").map(String.init) + ["--board", terminal.board]
          let output = String(decoding: try await Tool.run(AgentProcess.path, words), as: UTF8.self)
          #expect(output.contains("deny   sensor.camera  (paused)"), "\(output)")
          #expect(output.contains("notify.system"), "a screen is the board's own")
          for flag in ["terms.accepted", "risk.acknowledged", "disclose."] { #expect(!output.contains(flag)) }
        }
      }
    }

    @Test func anExplanationSaysItsSentenceOnceAndThePointsAfterIt() async throws {
      try await Terminal.withBoard { terminal in
        let output = try await terminal.run("explain", "sensor.microphone", "--board", terminal.board).output
        #expect(output.ranges(of: "is denied: ").count == 1 && output.ranges(of: "is denied").count == 2, "\(output)")
        for point in ["E1: the device is not opened", "E2:", "E3:", "E5:", "E12:"] { #expect(output.contains(point)) }
        #expect(output.contains("does not change by itself") && output.ranges(of: "C6:").count == 1)
        _ = try await terminal.run("permissions", "set", "--board", terminal.board, "sensor.camera=allow")
        let allowed = try await terminal.run("explain", "sensor.camera", "--board", terminal.board).output
        #expect(allowed.ranges(of: "is allowed").count == 1 && allowed.contains("at E1, E2, E3, E5, E12"), "\(allowed)")
      }
    }

    @Test func timesThatEndAreSaidToEnd() async throws {
      try await Terminal.withBoard { terminal in
        let words = ["permissions", "schedule", "--board", terminal.board, "--clear"]
        let outcome = try await Tool.outcome(AgentProcess.path, words)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(String(decoding: outcome.output, as: UTF8.self) == "This board: every flag holds at all times now.\n")
      }
    }

    @Test func aSetupAsksAgainAndSaysWhatTheEndOfTheInputLeavesDenied() async throws {
      try await Terminal.with { terminal in
        let outcome = try await terminal.run("setup", "--local", "--board", terminal.board, input: "maybe\nyes\n")
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("Please answer yes or no."))
        #expect(outcome.errors.contains("Not answered, so denied: sensor.microphone, detect.motion"))
        #expect(outcome.errors.contains("pumpkii permissions set --board \(terminal.board) FLAG=allow"))
        let flags = try await terminal.run("permissions", "show", "--board", terminal.board).output
        #expect(flags.contains("allow  sensor.camera\n") && flags.contains("deny   sensor.microphone"), "\(flags)")
      }
    }
  }
}
