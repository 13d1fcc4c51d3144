import Foundation

/// The repository's own text, found from this file's place in it.
enum Repository {
  /// A file below the root, with its lines.
  struct Text {
    let path: String
    let lines: [String]
    /// The lines without comments and strings, of a Swift file.
    let code: [String]
    /// The folder under `Sources` or `Tests`.
    var room: String { String(path.split(separator: "/").dropFirst().first ?? "") }
  }

  static let root: URL = {
    var folder = URL(filePath: #filePath)
    for _ in 0..<3 { folder.deleteLastPathComponent() }
    return folder
  }()

  /// Every file under `folder` whose name ends with one of `extensions`, by path.
  static func files(in folder: String, _ extensions: Set<String>) -> [Text] {
    let base = root.appending(path: folder).resolvingSymlinksInPath()
    guard let walk = FileManager.default.enumerator(at: base, includingPropertiesForKeys: nil) else { return [] }
    let files = walk.compactMap { $0 as? URL }.filter { extensions.contains($0.pathExtension) }
    return files.map { url in
      let path = folder + url.resolvingSymlinksInPath().path.dropFirst(base.path.count)
      let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      return Text(path: path, lines: lines, code: url.pathExtension == "swift" ? SwiftText.code(lines) : [])
    }.sorted { $0.path < $1.path }
  }

  static let sources = files(in: "Sources", ["swift"])
  static let tests = files(in: "Tests", ["swift"])
  /// C sources are ours as well.
  static let cSources = files(in: "Sources", ["c", "h"])

  /// The folders directly under `Sources`.
  static func rooms() -> [String] {
    let names = try? FileManager.default.contentsOfDirectory(atPath: root.appending(path: "Sources").path)
    return (names ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }

  /// The folder that holds the running tests' program, and with it everything else that was built.
  static let products: URL = {
    let own = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: own ?? CommandLine.arguments[0]).deletingLastPathComponent()
  }()
}
