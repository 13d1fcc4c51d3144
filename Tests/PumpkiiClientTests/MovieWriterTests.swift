import Foundation
import PumpkiiClient
import Testing

/// A film replaces what is there when it is made, and never by nothing.
@Suite struct MovieWriterTests {
  let folder = FileManager.default.temporaryDirectory.appending(path: "pumpkii-film-\(UUID().uuidString)")

  init() throws { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }

  @Test func aFilmOfNothingTakesNothingAwayAndLeavesNothing() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "film.mp4")
    try Data("good".utf8).write(to: file)
    for name in ["film.mp4", "new.mp4"] {
      var writer = try MovieWriter(path: folder.appending(path: name).path, classes: [.video, .audio])
      #expect(try !writer.finish())
      writer.discard()
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == "good")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["film.mp4"])
  }

  @Test func whereNoFileCanBeWrittenIsToldBeforeAnythingIsWatched() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    for path in [folder.path, folder.appending(path: "none/film.mp4").path] {
      #expect(throws: ClientError(.home, "")) { try MovieWriter(path: path, classes: [.video]) }
    }
  }
}
