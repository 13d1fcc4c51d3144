import Foundation
import PumpkiiPolicy
import Testing

extension EndToEnd {
  /// What is mistyped is named, and what is accepted is shown.
  @Suite(Terminal.isBuilt, .timeLimit(.minutes(10))) struct WordsCommandTests {
    @Test func anUnknownOptionIsNamedAndNotTheWordBehindIt() async throws {
      for command in [["set", "sensor.camera=allow"], ["narrow", "sensor.camera"], ["schedule", "--clear"]] {
        let outcome = try await Tool.outcome(AgentProcess.path, ["permissions"] + command + ["--wat", "3"])
        #expect(outcome.status == 64 && outcome.errors.contains("--wat"), "\(outcome.errors)")
      }
    }

    @Test(arguments: [
      ("sensor.camra", "sensor.camera"), ("camera", "sensor.camera"), ("share.vidoe", "share.video"),
      ("record.colud", "record.cloud"),
    ]) func aMistypedFlagIsAnsweredWithTheOneThatWasMeant(typed: String, meant: String) async throws {
      for command in [["set", "\(typed)=allow"], ["narrow", typed]] {
        let outcome = try await Tool.outcome(AgentProcess.path, ["permissions"] + command)
        #expect(outcome.status == 64 && outcome.errors.contains("Did you mean \(meant)?"), "\(outcome.errors)")
        #expect(outcome.errors.contains("pumpkii policy clauses"))
        #expect(!outcome.errors.contains("disclose.provider"), "not all of them")
      }
    }

    @Test(arguments: [
      ("sensor.camera=mon,25:00-26:00", "\"25:00\" is no time of day"),
      ("sensor.camera=mon,8-18", "\"8\" is no time of day"),
      ("sensor.camera=mo-fr,08:00-18:00", "\"mo\" is no day"),
      ("sensor.camera=08:00-18:00", "the days are missing"), ("sensor.camera=mon", "the times are missing"),
      ("sensor.camera=mon,08:00", "\"08:00\" is no FROM-TO"), ("sensor.camera=mon,08:00-08:00", "ends when it begins"),
      ("sensor.camera", "it has no \"=\""), ("=mon,08:00-18:00", "no flag"), ("sensor.nose=mon,08:00-18:00", "no flag"),
      ("sensor.camera=mon-tue-wed,08:00-18:00", "no range of days"),
      ("sensor.camera=mon,24:00-08:00", "begins none"),
    ]) func aLineOfTimesSaysWhichPartOfItIsWrong(line: String, words: String) async throws {
      let outcome = try await Tool.outcome(
        AgentProcess.path, ["permissions", "schedule", "--zone", "Europe/Berlin", line])
      #expect(outcome.status == 64 && outcome.errors.contains(words), "\(outcome.errors)")
    }

    @Test func theTermsAreShownWordByWordBeforeTheyAreAccepted() async throws {
      let seed = try String(contentsOfFile: "\(LocalOnlyRun.root)/seeds/000_17c9631cf052b985.txt", encoding: .utf8)
      let printed = try await Tool.run(AgentProcess.path, ["policy", "text"])
      #expect(String(decoding: printed, as: UTF8.self) == seed, "byte by byte, as the hash that is accepted")
      try await Terminal.with { terminal in
        let home = terminal.path("home")
        _ = try await terminal.run(
          "account", "create", "--home", home, "--relay", "https://127.0.0.1:9", "--pin",
          String(repeating: "01", count: 32))
        for options in [[], ["--accept"]] {
          let outcome = try await Tool.outcome(AgentProcess.path, ["account", "terms", "--home", home] + options)
          let shown = String(decoding: outcome.output, as: UTF8.self)
          let page = Self.words(shown)
          #expect(page.contains(Self.words(seed)) && page.contains(Self.words(Texts.risk)), "\(options)")
          #expect(shown.split(separator: "\n").allSatisfy { $0.count <= 110 }, "a page, not paragraphs in one line")
        }
      }
    }

    @Test(arguments: [["--camera", "auto"], ["--microphone", "hw:CARD=webcam"]])
    func aRealDeviceBesideAProfileIsNotIgnored(_ device: [String]) async throws {
      try await Terminal.with { terminal in
        let outcome = try await terminal.run(
          "agent", "run", "--home", terminal.path("camera"), "--profile", "devices/still-pan.yaml", device[0], device[1]
        )
        #expect(outcome.status == 64 && outcome.errors.contains("leave it or \(device[0]) out"), "\(outcome)")
        #expect(try terminal.names == [])
      }
    }

    private static func words(_ text: String) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    @Test(arguments: ["client-no-account", "relay-unreachable", "not-live-waiting", "off-by-policy"])
    func aCodeIsExplainedByItsCauseAndWhatToDo(_ code: String) async throws {
      let output = String(decoding: try await Tool.run(AgentProcess.path, ["explain", code]), as: UTF8.self)
      #expect(output.hasPrefix("\(code): ") && output.contains("What to do: "), "\(output)")
    }
  }

  /// The demonstration looks at what it was given before it starts anything.
  @Suite(Terminal.isBuilt, .timeLimit(.minutes(10))) struct DemoScriptTests {
    @Test(arguments: [
      ("--deny", "sensor.cam", 64), ("--profile", "/nowhere/none.yaml", 66), ("--video", "/nowhere/none.mjpeg", 66),
      ("--audio", "/nowhere/none.wav", 66), ("--camera", "/dev/video-none", 66), ("--wat", "3", 64),
    ]) func whatIsMistypedStartsNothing(option: String, value: String, status: Int32) async throws {
      try await Terminal.with { terminal in
        let outcome = try await terminal.script("demo", "--no-build", "--out", terminal.path("out"), option, value)
        #expect(outcome.status == status, "\(outcome)")
        #expect(outcome.errors.contains(option == "--wat" ? option : value) && outcome.output.isEmpty)
        #expect(try terminal.names == [])
      }
    }

    @Test func aProfileThatIsNoneEndsItBeforeARelayStartsAndNothingIsBuilt() async throws {
      try await Terminal.with { terminal in
        try terminal.write("name: 1\nnose: 2\n", "bad.yaml")
        let bad = terminal.path("bad.yaml")
        let outcome = try await terminal.script("demo", "--no-build", "--out", terminal.path("out"), "--profile", bad)
        #expect(outcome.status == 66 && outcome.errors.contains("bad.yaml"), "\(outcome)")
        for word in ["building", "relay", "account"] { #expect(!outcome.output.contains(word), "\(outcome.output)") }
      }
    }
  }
}
