import PumpkiiDemo

/// Ledger lines of a small made-up run, written as the programs write them.
struct LedgerText {
  private var lines: [String] = []

  var ledger: Ledger {
    get throws { try Ledger(parsing: Array(text.utf8)) }
  }
  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func agent(_ event: String, _ fields: String = "") { add("agent", event, fields) }
  mutating func relay(_ event: String, _ fields: String) { add("relay", event, fields) }
  mutating func viewer(_ event: String, _ fields: String) { add("viewer", event, fields) }

  private mutating func add(_ who: String, _ event: String, _ fields: String) {
    lines.append(#"{"who":"\#(who)","event":"\#(event)"\#(fields.isEmpty ? "" : ",")\#(fields)}"#)
  }

  /// A KID of our layout: epoch, segment, track.
  static func kid(epoch: UInt64, segment: UInt64 = 0, track: String) -> String {
    let digits = String(epoch << 32 | segment << 8 | (track == "video" ? 0x10 : 0x20), radix: 16)
    return "0x" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  mutating func opened(_ sensor: String, at time: Int = 0) {
    agent("opened", #""sensor":"\#(sensor)","t":\#(time)"#)
  }

  mutating func closed(_ sensor: String, made: Int, at time: Int = 0, rate: Int? = nil) {
    agent("closed", #""sensor":"\#(sensor)","t":\#(time),"made":\#(made)"# + (rate.map { ",\"rate\":\($0)" } ?? ""))
  }

  mutating func sealed(_ track: String, _ sequence: Int, epoch: UInt64 = 1, index: Int, at time: Int = 0) {
    agent(
      "unit",
      """
      "track":"\(track)","sequence":\(sequence),"outcome":"sealed","reason":null,\
      "kid":"\(Self.kid(epoch: epoch, track: track))","index":\(index),"capture_us":\(time),"t":\(time)
      """)
  }

  mutating func ended(_ track: String, _ sequence: Int, _ outcome: String, _ reason: String) {
    agent("unit", #""track":"\#(track)","sequence":\#(sequence),"outcome":"\#(outcome)","reason":"\#(reason)""#)
  }

  mutating func filled(_ track: String, epoch: UInt64 = 1, index: Int) {
    agent("filled", #""track":"\#(track)","kid":"\#(Self.kid(epoch: epoch, track: track))","index":\#(index)"#)
  }

  mutating func queueLost(_ track: String, epoch: UInt64 = 1, index: Int) {
    agent("queue_lost", #""kid":"\#(Self.kid(epoch: epoch, track: track))","index":\#(index)"#)
  }

  mutating func delivered(_ track: String, epoch: UInt64 = 1, index: Int, to viewer: String = "guest") {
    relay(
      "delivered",
      #""viewer":"\#(viewer)","kid":"\#(Self.kid(epoch: epoch, track: track))","index":\#(index),"bytes":1000,"t":0"#)
  }

  mutating func open(
    _ track: String, epoch: UInt64 = 1, index: Int, captured: Int = 0, at time: Int = 0, kind: String = "chunk"
  ) {
    viewer(
      "opened",
      """
      "kid":"\(Self.kid(epoch: epoch, track: track))","index":\(index),"class":"\(track)",\
      "capture_us":\(captured),"t":\(time),"kind":"\(kind)"
      """)
  }

  /// A frame that went all the way.
  mutating func whole(_ sequence: Int, epoch: UInt64 = 1, index: Int, captured: Int = 0, at time: Int = 0) {
    sealed("video", sequence, epoch: epoch, index: index, at: captured)
    delivered("video", epoch: epoch, index: index)
    open("video", epoch: epoch, index: index, captured: captured, at: time)
  }
}
