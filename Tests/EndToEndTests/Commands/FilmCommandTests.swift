import Foundation
import Testing

extension EndToEnd {
  /// A command that makes a film takes away no film that is there, and never the file it reads.
  @Suite(Terminal.isBuilt, .timeLimit(.minutes(10))) struct FilmCommandTests {
    @Test func whatIsNoClipLeavesTheFilmThatIsThere() async throws {
      try await Terminal.withBoard { terminal in
        try terminal.write("no clip", "film.mp4")
        try terminal.write("good", "keep.mp4")
        let before = try terminal.names
        let outcome = try await terminal.run(
          "clips", "open", terminal.path("film.mp4"), "--output", terminal.path("keep.mp4"), "--board", terminal.board)
        #expect(outcome.status == 65, "\(outcome.errors)")
        #expect(try terminal.read("keep.mp4") == "good")
        #expect(try terminal.names == before, "nothing is left behind")
      }
    }

    @Test(arguments: ["k.pumpkii", "hard", "soft", "./k.pumpkii"]) func theSealedFileIsNeverTheFilm(_ name: String)
      async throws
    {
      try await Terminal.withBoard { terminal in
        let sealed = terminal.path("k.pumpkii")
        try terminal.write("sealed", "k.pumpkii")
        try FileManager.default.linkItem(atPath: sealed, toPath: terminal.path("hard"))
        try FileManager.default.createSymbolicLink(atPath: terminal.path("soft"), withDestinationPath: sealed)
        let home = terminal.path("home")
        let made = try await terminal.run(
          "account", "create", "--home", home, "--relay", "https://127.0.0.1:9", "--pin",
          String(repeating: "01", count: 32))
        try #require(made.status == 0, "\(made.errors)")
        let output = terminal.path(name)
        for outcome in [
          try await terminal.run("clips", "open", sealed, "--output", output, "--board", terminal.board),
          try await terminal.run("verify", sealed, "--output", output, "--home", home),
        ] {
          #expect(outcome.status == 64 && outcome.errors.contains("is the file itself"), "\(outcome.errors)")
          #expect(try terminal.read("k.pumpkii") == "sealed")
        }
      }
    }

    @Test func aFolderIsNoFilm() async throws {
      try await Terminal.withBoard { terminal in
        try terminal.write("no clip", "k.pumpkii")
        let outcome = try await terminal.run(
          "clips", "open", terminal.path("k.pumpkii"), "--output", terminal.folder, "--board", terminal.board)
        #expect(outcome.status == 74 && outcome.errors.contains("is a folder"), "\(outcome.errors)")
      }
    }

    @Test func aWatchThatOpensNothingLeavesNoFilm() async throws {
      try await Stage.with { stage in
        await stage.agent.stop()
        let keep = stage.path("keep.mp4")
        try Data("good".utf8).write(to: URL(filePath: keep))
        for name in ["keep.mp4", "new.mp4"] {
          let outcome = try await Tool.outcome(
            AgentProcess.path,
            ["watch", "--home", stage.path("owner"), "--seconds", "1", "--output", stage.path(name)])
          #expect(outcome.errors.contains("opened nothing"), "\(outcome.errors)")
        }
        #expect(try String(contentsOfFile: keep, encoding: .utf8) == "good")
        let films = try FileManager.default.contentsOfDirectory(atPath: stage.folder).filter { $0.contains(".mp4") }
        #expect(films == ["keep.mp4"])
      }
    }

    /// A film takes the name of an older one when it is made; a pipe gets it meanwhile.
    @Test func aWatchThatOpensSomethingMakesItsFilm() async throws {
      try await Stage.with { stage in
        let (film, pipe) = (stage.path("film.mp4"), stage.path("pipe"))
        try Data("old".utf8).write(to: URL(filePath: film))
        let script = """
          mkfifo "$3"; cat "$3" >"$3.mp4" & reader=$!
          for output in "$2" "$3" -; do
            "$0" watch --home "$1" --seconds 4 --output "$output" || exit
          done >"$3.out.mp4"
          wait $reader
          """
        let outcome = try await Tool.outcome(
          "bash", ["-c", script, AgentProcess.path, stage.path("guest"), film, pipe])
        #expect(outcome.status == 0, "\(outcome.errors)")
        for path in [film, pipe + ".mp4", pipe + ".out.mp4"] {
          #expect(try await Movie(path: path).packets("v").count > 2, "\(path)")
        }
        let parts = try FileManager.default.contentsOfDirectory(atPath: stage.folder).filter { $0.contains(".part") }
        #expect(parts == [])
      }
    }
  }
}
