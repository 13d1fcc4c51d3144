import Logging
import PumpkiiSystem

/// Keeps what is logged.
final class LinesBook: Sendable {
  let lines = Published<[String]>([])

  var logger: Logger { Logger(label: "test") { _ in Handler(book: self) } }

  private struct Handler: LogHandler {
    let book: LinesBook
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { book.lines.update { $0.append("\(event.message)") } }
  }
}
