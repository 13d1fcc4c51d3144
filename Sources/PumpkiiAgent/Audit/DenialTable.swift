package import PumpkiiPolicy
internal import PumpkiiWire

/// How often each flag was denied, at which point and by which layer, since the last entry about it. Its size is
/// bounded by the product of the three lists.
package struct DenialTable: Sendable {
  private struct Row: Hashable {
    let flag: Flag
    let point: Point
    let layer: Layer?
  }

  private var counts: [Row: UInt64] = [:]
  /// Unix µs of the first denial that is not told yet; nil for none.
  package private(set) var since: UInt64?

  package init() {}

  package mutating func add(_ decision: Decision, at time: UInt64) {
    guard !decision.allowed else { return }
    counts[Row(flag: decision.flag, point: decision.point, layer: decision.layer), default: 0] += 1
    since = since ?? time
  }

  /// Everything as entries, and begins anew.
  package mutating func take(at time: UInt64) -> [AuditDraft] {
    guard let begin = since else { return [] }
    let rows = counts.map { row, count in
      AuditRecord.Denials(
        flag: row.flag.rawValue, point: row.point.rawValue, layer: row.layer?.rawValue ?? "", count: count)
    }.sorted { ($0.flag, $0.point, $0.layer) < ($1.flag, $1.point, $1.layer) }
    counts = [:]
    since = nil
    return stride(from: 0, to: rows.count, by: WireLimits.denialRows).map { start in
      .record(
        .denials(since: begin, Array(rows[start..<min(start + WireLimits.denialRows, rows.count)])), at: time)
    }
  }
}
