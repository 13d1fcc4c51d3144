internal import ArgumentParser
internal import PumpkiiClient
internal import PumpkiiSystem

/// A film of a file that is verified: put in its place at the end, so that a failure takes nothing away.
enum FilmOfFile {
  /// - Parameter output: the film; nil for none.
  /// - Throws: `ValidationError` where the film would take the place of the file, or what `verify` throws.
  static func make(
    _ output: String?, of file: KeptFile, _ verify: ((OpenedMedia) throws -> Void) throws -> VerificationReport
  ) throws -> VerificationReport {
    guard let output else { return try verify { _ in } }
    guard !DurableFile.isSame(output, file.path) else {
      throw ValidationError("\(output) is the file itself; name another one for the film")
    }
    var movie = try MovieWriter(path: output, classes: [.video, .audio])
    do {
      let report = try verify { try movie.take($0) }
      let isThere = try movie.finish(replacing: report.isGenuine)
      if !isThere { Output.note(report.opened.isEmpty ? "Nothing opened: no film." : "No new film at \(output).") }
      return report
    } catch {
      movie.discard()
      throw error
    }
  }
}
