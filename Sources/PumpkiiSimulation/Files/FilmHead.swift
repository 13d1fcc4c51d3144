internal import PumpkiiCapture
internal import PumpkiiMedia

/// Finds out what a film is, and in what format it comes.
enum FilmHead {
  /// The rate of a raw stream when nobody says another.
  static let usualRate = 25.0

  /// - Throws: ``SimulationError``, with the line that converts the file where one can.
  static func read(_ path: String, fps: Double?) throws(SimulationError) -> (FileKind, VideoFormat) {
    let file = try SourceFile(path)
    let kind = FileKind(try file.read(at: 0, count: FileKind.lookAt))
    let convert = Conversion(path: path)
    switch kind {
    case .y4m:
      let format = try Y4MFile(file).format
      if let fps, abs(fps / format.rate.value - 1) > 0.001 {
        throw SimulationError(
          .sourceUnsupported, "\(path) states its own rate, \(format.rate.value) frames a second",
          advice: "Leave the rate out; a rate can be given for .mjpeg and .h264 only.")
      }
      _ = try firstFrame(file, kind)
      return (kind, format)
    case .mjpeg, .h264:
      var format = try picture(try firstFrame(file, kind), kind, path)
      format.rate = FrameRate.ratio(fps ?? usualRate)
      return (kind, format)
    case .wav:
      throw SimulationError(.sourceForeign, "\(path) is sound, not a film", advice: "Give it as the microphone's file.")
    case .foreign(let name):
      throw SimulationError(
        .sourceForeign, "\(path) is \(name); a camera plays .mjpeg, .y4m and Annex-B .h264",
        advice: convert.film(fps: fps))
    }
  }

  /// The film's frames, round after round.
  /// - Throws: ``SimulationError``.
  static func film(_ file: SourceFile, _ kind: FileKind) throws(SimulationError) -> LoopingFilm {
    switch kind {
    case .y4m: return LoopingFilm(file, try Y4MFile(file))
    case .h264: return LoopingFilm(file, AnnexBScanner(file, start: 0))
    default: return LoopingFilm(file, MJPEGScanner(file))
    }
  }

  private static func firstFrame(_ file: SourceFile, _ kind: FileKind) throws(SimulationError) -> [UInt8] {
    var film = try film(file, kind)
    return try film.frame(0)
  }

  private static func picture(
    _ bytes: [UInt8], _ kind: FileKind, _ path: String
  ) throws(SimulationError) -> VideoFormat {
    do throws(MediaError) {
      if kind == .mjpeg {
        let check = try JPEGCheck(bytes)
        return VideoFormat(
          pixels: .mjpeg, width: check.width, height: check.height, rate: .init(1), fullRange: true)
      }
      if let found = try AnnexBUnit.parameters(bytes) {
        return VideoFormat(
          pixels: .h264, width: found.width, height: found.height, rate: .init(1),
          fullRange: found.colour?.fullRange ?? false, sampleAspect: found.sampleAspect)
      }
    } catch {
      throw SimulationError(
        .sourceDamaged, "\(path): \(error.reason)", advice: Conversion(path: path).film(fps: nil))
    }
    throw SimulationError(
      .sourceDamaged, "\(path) does not begin with its parameter sets", advice: Conversion(path: path).film(fps: nil))
  }
}
