// The report for people: figures, verdicts, and histograms.
extension RevokeReport {
  private static let bounds: [Double] = [0, 1, 2, 5, 10, 20, 50, 100, 250, .infinity]
  private static let width = 48.0

  var text: String {
    var lines = [
      "\(trials) withdrawals while live video and sound, clips with their pre-roll, uploads and photos went on;",
      "just before: live in \(load.live), recorded in \(load.recording), a photo seen in \(load.photo) of them", "",
      Self.row(["since the device accepted it", "n", "p50", "p99", "max", "limit", "verdict"]),
    ]
    for measure in measures {
      let figures = measure.figures
      let unit = measure.unit == "ms" ? " ms" : ""
      lines.append(
        Self.row([
          measure.name, "\(figures.count)", Self.number(figures.p50) + unit, Self.number(figures.p99) + unit,
          Self.number(figures.max) + unit, "\(Self.number(measure.limit))\(unit) \(measure.judged)",
          measure.isReached ? "reached" : "MISSED",
        ]))
    }
    for measure in measures where measure.unit == "ms" { lines += ["", measure.name] + Self.histogram(measure.values) }
    lines += ["", Self.row(["p99 by what was withdrawn"] + measures.map { Self.short($0.name) })]
    for what in Withdrawal.allCases {
      lines.append(
        Self.row(
          [what.rawValue]
            + measures.map { measure in measure.byWithdrawal[what.rawValue].map { Self.number($0.p99) } ?? "-" }))
    }
    return lines.joined(separator: "\n")
  }

  /// A line a range of ms, with a bar for its share.
  static func histogram(_ values: [Double]) -> [String] {
    zip(bounds, bounds.dropFirst()).compactMap { low, high in
      let count = values.count { $0 >= low && $0 < high }
      guard count > 0 else { return nil }
      let range = high == .infinity ? "\(Int(low)) ms and more" : "\(Int(low)) to \(Int(high)) ms"
      let bar = String(repeating: "#", count: max(1, Int(width * Double(count) / Double(values.count))))
      return "  \(pad(range, 16)) \(pad(bar, Int(width))) \(count)"
    }
  }

  private static func short(_ name: String) -> String { String(name.split(separator: " ").last ?? "") }

  private static func row(_ cells: [String]) -> String {
    cells.enumerated().map { pad($1, $0 == 0 ? 31 : 11) }.joined()
  }

  static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  /// One decimal where there is one.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  }
}
