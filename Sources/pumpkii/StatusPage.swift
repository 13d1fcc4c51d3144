internal import PumpkiiAgent

/// A status as a page of text.
enum StatusPage {
  static func text(_ status: BoardStatus) -> String {
    var lines = ["camera \(status.device.prefix(16))…  owner \(status.owner)  mode \(status.mode)"]
    lines.append(
      "policy version \(status.policyVersion)\(status.policyHash.isEmpty ? "" : " \(status.policyHash.prefix(16))…")")
    if let who = status.pausedBy { lines.append("PAUSED by the \(who): everything is denied") }
    if !status.narrowedOnBoard.isEmpty {
      lines.append("denied on this board: \(status.narrowedOnBoard.joined(separator: ", "))")
    }
    if !status.isRunning { lines.append("the agent is not running: nothing is open") }
    if let trouble = status.trouble { lines.append("RECORDING STOPPED: \(trouble)") }
    lines += section("sensors", status.sensors.map(sensor))
    lines += section("flags", status.shownFlags.map(status.line))
    lines += section("who may see", status.viewers.map(viewer))
    lines += section("wanted and denied", rows(status.refused))
    lines += section("denied since the start", rows(status.denied))
    lines += section("counters", rows(status.counters))
    if let kept = status.counters["clips_kept_here"], kept > 0 {
      lines += ["", "\(kept) clips stay on this device only; why, of each: pumpkii clips list --board FOLDER"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A heading over nothing says nothing.
  private static func section(_ heading: String, _ lines: [String]) -> [String] {
    lines.isEmpty ? [] : ["", heading] + lines.map { "  \($0)" }
  }

  private static func rows(_ values: [String: some Any]) -> [String] {
    values.sorted { $0.key < $1.key }.map { "\($0.key)  \($0.value)" }
  }

  private static func sensor(_ sensor: BoardStatus.Sensor) -> String {
    let denial = sensor.denial.map { "  \($0)" } ?? ""
    let print = sensor.fingerprint.map { "\n          fingerprint \($0)" } ?? ""
    return "\(sensor.isOpen ? "OPEN  " : "closed")  \(sensor.kind)  \(sensor.name)\(denial)\(print)"
  }

  private static func viewer(_ viewer: BoardStatus.Viewer) -> String {
    let end = viewer.until.map { " until \(Instant.text($0))" } ?? ""
    return "\(viewer.account.prefix(16))…  \(viewer.isOwner ? "owner" : "guest")  "
      + "\(viewer.classes.joined(separator: ", "))\(end)"
  }
}
