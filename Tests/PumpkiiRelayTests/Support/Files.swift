import Foundation

/// The repository's root: four levels above this file.
let repositoryRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().path

func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
