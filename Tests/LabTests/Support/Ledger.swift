import Foundation

/// The agent's ledger: what it says itself about every unit and every opening of a sensor.
struct Ledger {
  /// Names and values of one line; a number stands as an integer, everything else as text.
  struct Line {
    let event: String
    let texts: [String: String]
    let numbers: [String: Int]
  }

  let lines: [Line]

  init(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    lines = text.split(separator: "\n").compactMap { Self.line($0) }
  }

  private static func line(_ text: Substring) -> Line? {
    guard let fields = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] else { return nil }
    var texts = fields.compactMapValues { $0 as? String }
    var numbers = fields.compactMapValues { $0 as? Int }
    // What happened to a device has a name of its own beside that of the line.
    let isOfDevice = text.contains("\"event\":\"device\"")
    if isOfDevice { texts["what"] = texts["what"] ?? texts["event"] }
    for (list, prefix) in [("lost", "lost_"), ("recoveries", "recovery_")] {
      for part in (texts[list] ?? "").split(separator: " ") {
        let words = part.split(separator: "=")
        if words.count == 2 { numbers[prefix + words[0]] = Int(words[1]) }
      }
    }
    return Line(event: isOfDevice ? "device" : texts["event"] ?? "", texts: texts, numbers: numbers)
  }

  /// Openings of a sensor, oldest first: `made`, `lost_…`, `recovery_…`.
  func closings(_ sensor: String) -> [[String: Int]] {
    lines.filter { $0.event == "closed" && $0.texts["sensor"] == sensor }.map(\.numbers)
  }

  /// One number of all openings of a sensor together.
  func sum(_ sensor: String, _ name: String) -> Int {
    closings(sensor).reduce(0) { $0 + ($1[name] ?? 0) }
  }

  /// What happened to a sensor, in order: `shutter_closed`, `recovering_restart`.
  func events(_ sensor: String) -> [String] {
    lines.filter { $0.event == "device" && $0.texts["sensor"] == sensor }.compactMap { $0.texts["what"] }
  }

  /// How the shutter moved; each opening of the camera tells how it stands.
  var shutter: [String] {
    events("camera").filter { $0.hasPrefix("shutter") }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// How units of a track ended: `sealed`, `dropped driver`, and how many.
  func outcomes(_ track: String) -> [String: Int] {
    var counts: [String: Int] = [:]
    for line in lines where line.event == "unit" && line.texts["track"] == track {
      counts["\(line.texts["outcome"] ?? "") \(line.texts["reason"] ?? "")", default: 0] += 1
    }
    return counts
  }

  /// The numbers of units of a track, in the order in which they ended.
  func sequences(_ track: String) -> [Int] {
    lines.filter { $0.event == "unit" && $0.texts["track"] == track }.compactMap { $0.numbers["sequence"] }
  }

  /// Unix µs at which the device accepted the newest withdrawal of a flag, or of a right where it is nil.
  func acceptance(of flag: String?) -> Int? {
    let line = lines.last { line in
      flag.map { line.event == "flag" && line.texts["flag"] == $0 } ?? (line.event == "revocation")
    }
    return line?.numbers["t"]
  }

  /// Objects of a track that were sealed after an instant, of epochs up to one.
  func sealed(_ track: String, after instant: Int, upTo epoch: UInt64) -> Set<String> {
    Set(
      lines.compactMap { line in
        guard line.event == "unit", line.texts["track"] == track, line.texts["outcome"] == "sealed",
          let time = line.numbers["t"], time > instant, let kid = line.texts["kid"],
          let number = UInt64(kid.dropFirst(2), radix: 16), number >> 32 <= epoch
        else { return nil }
        return "\(kid) \(line.numbers["index"] ?? 0)"
      })
  }

  /// Unix µs at which a sensor closed for the first time after an instant.
  func closing(of sensor: String, after instant: Int) -> Int? {
    closings(sensor).compactMap { $0["t"] }.first { $0 >= instant }
  }
}
