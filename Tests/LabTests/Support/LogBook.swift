import Logging
import PumpkiiSystem

/// Keeps what the agent logs, for scenarios that wait for a line.
final class LogBook: Sendable {
  private let lines = Published<[String]>([])

  var all: [String] { lines.value }

  /// Waits until `times` lines contain `text`.
  func wait(for text: String, times: Int = 1) async throws {
    guard await Patience.wait(lines, until: { $0.count { $0.contains(text) } >= times }) else {
      throw Lab.Obstacle("the log never said \(text): \(all)")
    }
  }

  /// Waits until the shutter was told as closed, and after that as open.
  func waitForShutter() async throws {
    try await wait(for: "shutter is closed")
    let isOpen = await Patience.wait(lines) { lines in
      lines.drop { !$0.contains("shutter is closed") }.last { $0.contains("shutter is") }?.contains("is open") == true
    }
    guard isOpen else { throw Lab.Obstacle("the log never said that the shutter is open again: \(all)") }
  }

  func logger(_ label: String, _ level: Logger.Level) -> Logger {
    var logger = Logger(label: label) { _ in Handler(book: self) }
    logger.logLevel = level
    return logger
  }

  private struct Handler: LogHandler {
    let book: LogBook
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let fields = metadata.merging(event.metadata ?? [:]) { $1 }
      let text = "\(event.level) \(event.message) \(fields.map { "\($0)=\($1)" }.sorted().joined(separator: " "))"
      book.lines.update { $0.append(text) }
    }
  }
}
