/// Writes the lines of a profile.
struct ProfileText {
  private(set) var text = ""
  private var indent = ""

  mutating func line(_ content: String) { text += "\(indent)\(content)\n" }

  mutating func pair(_ key: String, _ value: String) { line("\(key): \(value)") }

  mutating func quoted(_ key: String, _ value: String) { pair(key, Self.quote(value)) }

  mutating func milliseconds(_ key: String, _ value: UInt64) { pair(key, Self.number(Double(value) / 1e6)) }

  /// A map in one line.
  mutating func items(_ key: String, _ items: [(String, String)]) { pair(key, Self.flow(items)) }

  /// A list of maps, one a line; nothing for an empty one.
  mutating func list(_ key: String, _ entries: [[(String, String)]]) {
    if entries.isEmpty { return }
    line("\(key):")
    for entry in entries { line("  - \(Self.flow(entry))") }
  }

  /// A map whose lines `body` writes.
  mutating func map(_ key: String, _ body: (inout ProfileText) -> Void) {
    line("\(key):")
    indent += "  "
    body(&self)
    indent.removeLast(2)
  }

  mutating func clock(_ clock: ClockQuality) {
    if clock == ClockQuality() { return }
    items(
      "clock", [("drift_ppm", Self.number(clock.driftPPM)), ("jitter_ms", Self.number(clock.jitter / 1e6))])
  }

  mutating func faults(_ faults: [Fault], unit: String) {
    list("faults", faults.map { Self.items($0, unit: unit) })
  }

  private static func items(_ fault: Fault, unit: String) -> [(String, String)] {
    var items = [("kind", fault.kind.rawValue)]
    switch fault.trigger {
    case .unit(let at): items.append(("at_\(unit)", "\(at)"))
    case .time(let at): items.append(("at_ms", number(Double(at) / 1e6)))
    case .chance(let chance): items.append(("chance", number(chance)))
    }
    let usual = Fault(fault.kind, when: fault.trigger)
    if fault.count != usual.count { items.append(("\(unit)s", "\(fault.count)")) }
    if fault.length != usual.length { items.append(("for_ms", number(Double(fault.length) / 1e6))) }
    if fault.kind == .clockJump { items.append(("by_ms", number(Double(fault.by) / 1e6))) }
    if fault.opening != usual.opening { items.append(("opening", "\(fault.opening)")) }
    if let back = fault.backAfter { items.append(("back_after_ms", number(Double(back) / 1e6))) }
    return items
  }

  private static func flow(_ items: [(String, String)]) -> String {
    "{ \(items.map { "\($0): \($1)" }.joined(separator: ", ")) }"
  }

  /// Without a fraction where there is none.
  static func number(_ value: Double) -> String { Int64(exactly: value).map { "\($0)" } ?? "\(value)" }

  /// In double quotes, so that it is text whatever it looks like.
  static func quote(_ value: String) -> String {
    var quoted = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\n": quoted += "\\n"
      case "\t": quoted += "\\t"
      default:
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
          let digits = String(scalar.value, radix: 16)
          quoted += "\\x\(digits.count < 2 ? "0" : "")\(digits)"
        } else {
          quoted.unicodeScalars.append(scalar)
        }
      }
    }
    return quoted + "\""
  }
}
