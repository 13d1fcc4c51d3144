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
    lines += ["", "sensors"] + status.sensors.map(sensor)
    lines += ["", "flags"] + status.flags.map(flag)
    lines += ["", "who may see"] + status.viewers.map(viewer)
    if !status.refused.isEmpty {
      lines += ["", "wanted and denied"] + status.refused.sorted { $0.key < $1.key }.map { "  \($0.key)  \($0.value)" }
    }
    if !status.denied.isEmpty {
      lines +=
        ["", "denied since the start"] + status.denied.sorted { $0.key < $1.key }.map { "  \($0.key)  \($0.value)" }
    }
    if !status.counters.isEmpty {
      lines += ["", "counters"] + status.counters.sorted { $0.key < $1.key }.map { "  \($0.key)  \($0.value)" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func sensor(_ sensor: BoardStatus.Sensor) -> String {
    let denial = sensor.denial.map { "  \($0)" } ?? ""
    let print = sensor.fingerprint.map { "\n          fingerprint \($0)" } ?? ""
    return "  \(sensor.isOpen ? "OPEN  " : "closed")  \(sensor.kind)  \(sensor.name)\(denial)\(print)"
  }

  private static func flag(_ flag: BoardStatus.FlagState) -> String {
    let layer = flag.layer.map { "  (\($0))" } ?? ""
    let change = flag.changesAt.map { "  until \(Instant.text($0))" } ?? ""
    return "  \(flag.isAllowed ? "allow" : "deny ")  \(flag.flag)\(layer)\(change)"
  }

  private static func viewer(_ viewer: BoardStatus.Viewer) -> String {
    let end = viewer.until.map { " until \(Instant.text($0))" } ?? ""
    return "  \(viewer.account.prefix(16))…  \(viewer.isOwner ? "owner" : "guest")  "
      + "\(viewer.classes.joined(separator: ", "))\(end)"
  }
}
