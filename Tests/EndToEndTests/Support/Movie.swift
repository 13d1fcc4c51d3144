import Foundation
import PumpkiiClient
import PumpkiiSimulation

/// A film that a viewer wrote, read by ffmpeg and ffprobe and by nothing of ours.
struct Movie {
  struct Packet {
    /// Seconds.
    let time: Double
    let isKey: Bool
  }

  /// A decoded picture of the test pattern.
  struct Frame {
    let time: Double
    let mark: FrameMark?
    let isFlash: Bool
  }

  let path: String

  /// A film that is there.
  init(path: String) { self.path = path }

  /// Writes what a viewer opened as its film.
  init(_ record: Viewer.Record, path: String, classes: Set<MediaKind> = [.video, .audio]) throws {
    self.path = path
    var writer = try MovieWriter(path: path, classes: classes)
    for event in record.events {
      switch event {
      case .epoch(_, let classes): try writer.expect(classes)
      case .opened(let media): try writer.take(media)
      default: break
      }
    }
    try writer.finish()
  }

  /// One value of the first stream of a kind.
  func property(_ stream: String, _ entry: String) async throws -> String {
    let output = try await Tool.run(
      "ffprobe",
      ["-v", "error", "-select_streams", "\(stream):0", "-show_entries", "stream=\(entry)", "-of", "csv=p=0", path])
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines.union([","]))
  }

  func packets(_ stream: String) async throws -> [Packet] {
    let rows = try await rows(stream, "packet=pts_time,flags")
    return rows.compactMap { row in
      guard row.count >= 2, let time = Double(row[0]) else { return nil }
      return Packet(time: time, isKey: row[1].hasPrefix("K"))
    }
  }

  /// All pictures as a decoder gives them.
  func frames(width: Int, height: Int) async throws -> [Frame] {
    let times = try await rows("v", "frame=pts_time").compactMap { $0.first.flatMap { Double($0) } }
    let arguments = ["-map", "0:v", "-fps_mode", "passthrough", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    let luma = try await decode(arguments)
    let reader = PatternReader(width: width, height: height)
    let size = width * height
    return zip(times, 0..<luma.count / size).map { time, number in
      let picture = luma[number * size..<(number + 1) * size]
      return Frame(time: time, mark: reader.read(picture), isFlash: reader.isFlash(picture))
    }
  }

  /// The sound at 48 kHz in one channel: as it was decoded, or laid out by its timestamps from time zero.
  func sound(byTimestamps: Bool) async throws -> [Int16] {
    let filter = byTimestamps ? ["-af", "aresample=async=1:first_pts=0"] : []
    let bytes = try await decode(["-map", "0:a"] + filter + ["-f", "s16le", "-ac", "1", "-ar", "48000", "-"])
    return stride(from: 0, to: bytes.count - 1, by: 2).map { index in
      Int16(bitPattern: UInt16(bytes[index]) | UInt16(bytes[index + 1]) << 8)
    }
  }

  /// What ffmpeg complains about when it plays the film to its end; empty when all is well.
  func complaints() async throws -> String {
    let outcome = try await Tool.outcome("ffmpeg", ["-v", "warning", "-xerror", "-i", path, "-f", "null", "-"])
    return outcome.status == 0 ? outcome.errors : "status \(outcome.status): \(outcome.errors)"
  }

  private func decode(_ arguments: [String]) async throws -> [UInt8] {
    try await Tool.run("ffmpeg", ["-v", "error", "-xerror", "-i", path] + arguments)
  }

  private func rows(_ stream: String, _ entries: String) async throws -> [[String]] {
    let output = try await Tool.run(
      "ffprobe", ["-v", "error", "-select_streams", "\(stream):0", "-show_entries", entries, "-of", "csv=p=0", path])
    return String(decoding: output, as: UTF8.self).split(separator: "\n")
      .map { $0.split(separator: ",").map(String.init) }
  }
}
