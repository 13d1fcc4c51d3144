extension DemoSummary {
  /// The summary for people: a short table.
  package var text: String {
    var lines: [String] = []
    lines.append("source   \(source.profile ?? "none") \(source.codec ?? "") \(size)")
    lines.append("")
    lines.append(Self.row("", "video", "audio"))
    lines.append(Self.row("one is", "a frame", "20 ms"))
    for (name, count) in Self.counts {
      lines.append(Self.row(name, "\(count(video))", "\(count(audio))"))
    }
    lines.append("")
    lines.append("latency  \(Self.ms(latencyMs.p50)) in the middle, \(Self.ms(latencyMs.p99)) for 99 in 100 frames")
    lines.append("start    \(Self.ms(startMs)) from “viewer wanted” to the first sealed frame")
    lines.append("cut      \(Self.ms(cutMs)) from the revocation to the guest's last picture")
    lines.append("mic off  \(Self.ms(microphoneClosedMs)) from the flag to the closed device")
    lines.append("agent    \(Self.ms(agent.cpuMsPerFrame)) CPU a frame, \(Self.number(agent.rssMb)) MB resident")
    lines.append(
      "relay    \(Self.number(relay.cpuS)) s CPU, \(relay.bytes ?? 0) bytes passed on, "
        + "\(relay.plaintextHits.map(String.init) ?? "unknown") traces of plaintext found")
    if let path = outputs.video { lines.append("video    \(path)") }
    if let path = outputs.photo { lines.append("photo    \(path)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private var size: String {
    guard let width = source.width, let height = source.height else { return "" }
    return "\(width)x\(height)" + (source.fps.map { " at \($0) fps" } ?? "")
  }

  private static let counts: [(String, @Sendable (Track) -> UInt64)] = [
    ("captured", { $0.captured }), ("denied", { $0.denied }), ("dropped", { $0.dropped.total }),
    ("sealed", { $0.sealed }), ("watched", { $0.watched }), ("delivered", { $0.delivered }),
    ("opened", { $0.opened }), ("lost", { $0.lost }),
  ]

  private static func row(_ name: String, _ first: String, _ second: String) -> String {
    padded(name, 9, left: false) + padded(first, 8, left: true) + padded(second, 8, left: true)
  }

  private static func padded(_ text: String, _ width: Int, left: Bool) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return left ? space + text : text + space
  }

  private static func ms(_ value: Double?) -> String { value.map { "\($0) ms" } ?? "not measured" }
  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "?" }
}
