package import PumpkiiDocument
internal import PumpkiiSystem

extension DeviceProfile {
  /// Reads a profile. Files that it names are found from its own folder.
  /// - Throws: ``SimulationError`` with file, line, column and key of the first problem.
  public static func load(path: String) throws(SimulationError) -> DeviceProfile {
    let bytes = try read(path)
    do throws(DocumentError) {
      return try parse(bytes, file: path)
    } catch {
      throw SimulationError(
        .profileInvalid, error.description, advice: "devices/README.md describes every key; `devices check` lists all.")
    }
  }

  /// Every problem of a profile, one `file:line:column: key: message` each, in the order of its lines; empty when it is
  /// right.
  public static func problems(path: String) -> [String] {
    do throws(SimulationError) {
      let bytes = try read(path)
      return DocumentReader.problems(bytes, file: path) { (map) throws(DocumentError) in
        _ = try ProfileReader(map).profile(folder: folder(of: path))
      }.map(\.description)
    } catch {
      return [error.description]
    }
  }

  /// A profile from bytes, its files found from the folder of `file`.
  /// - Throws: ``DocumentError``.
  package static func parse(_ bytes: [UInt8], file: String) throws(DocumentError) -> DeviceProfile {
    try DocumentReader.read(bytes, file: file) { (map) throws(DocumentError) in
      try ProfileReader(map).profile(folder: folder(of: file))
    }
  }

  /// The key paths a profile may have; `devices/schema.json` must say the same.
  package static var acceptedKeys: Set<String> {
    DocumentReader.acceptedKeys { (map) throws(DocumentError) in _ = try ProfileReader(map).profile(folder: "") }
  }

  private static func read(_ path: String) throws(SimulationError) -> [UInt8] {
    do throws(SystemError) {
      if let bytes = try DurableFile.read(path, limit: 1 << 20) { return bytes }
    } catch {
      throw SimulationError(.profileUnreadable, error.description, advice: "Check the path and its permissions.")
    }
    throw SimulationError(
      .profileUnreadable, "there is no profile \(path)", advice: "The profiles that come with Pumpkii are in devices/.")
  }

  private static func folder(of path: String) -> String {
    guard let cut = path.lastIndex(of: "/") else { return "." }
    return cut == path.startIndex ? "/" : String(path[..<cut])
  }
}
