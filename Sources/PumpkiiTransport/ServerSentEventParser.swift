/// One event of a server-sent event stream: its name and its data.
package struct ServerSentEvent: Sendable, Equatable {
  /// `message` where the stream names none.
  package var name: String
  /// The lines of data, joined.
  package var data: String

  /// An event.
  package init(name: String, data: String) {
    self.name = name
    self.data = data
  }
}

/// Cuts a server-sent event stream (WHATWG HTML §9.2) into events, however its bytes are split.
///
/// Of the fields only `event` and `data` are read; comments are heartbeats and come out as nothing.
package struct ServerSentEventParser: Sendable {
  /// What a line and an event may hold at most; a stream beyond it is not ours.
  package static let limit = 64 << 10

  private var line: [UInt8] = []
  private var name = ""
  private var data: [UInt8] = []
  private var hasData = false
  private var afterReturn = false

  /// A parser at the beginning of a stream.
  package init() {}

  /// The events that `bytes` complete.
  /// - Throws: ``TransportError`` `relay-malformed` for an event over the limit.
  package mutating func append(_ bytes: some Sequence<UInt8>) throws(TransportError) -> [ServerSentEvent] {
    var events: [ServerSentEvent] = []
    for byte in bytes {
      let isLineFeedOfPair = afterReturn && byte == 0x0A
      afterReturn = byte == 0x0D
      if isLineFeedOfPair { continue }
      guard byte == 0x0A || byte == 0x0D else {
        line.append(byte)
        guard line.count + data.count <= Self.limit else {
          throw TransportError(.malformed, "an event is over \(Self.limit) bytes")
        }
        continue
      }
      if let event = endLine() { events.append(event) }
    }
    return events
  }

  private mutating func endLine() -> ServerSentEvent? {
    defer { line.removeAll(keepingCapacity: true) }
    if line.isEmpty { return dispatch() }
    let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
    var value = line[colon...].dropFirst()
    if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
    switch String(decoding: line[..<colon], as: UTF8.self) {
    case "event": name = String(decoding: value, as: UTF8.self)
    case "data":
      if hasData { data.append(0x0A) }
      hasData = true
      data.append(contentsOf: value)
    default: break
    }
    return nil
  }

  private mutating func dispatch() -> ServerSentEvent? {
    defer {
      name = ""
      data.removeAll(keepingCapacity: true)
      hasData = false
    }
    guard hasData || !name.isEmpty else { return nil }
    return ServerSentEvent(name: name.isEmpty ? "message" : name, data: String(decoding: data, as: UTF8.self))
  }
}
