internal import PumpkiiPolicy

/// Decisions as people read them: each sentence once, with the points at which it holds.
enum DecisionPage {
  static func lines(_ list: [ExplainedDecision]) -> [String] {
    var groups: [[ExplainedDecision]] = []
    for decision in list {
      if let place = groups.firstIndex(where: { isSame($0[0], decision) }) {
        groups[place].append(decision)
      } else {
        groups.append([decision])
      }
    }
    return groups.flatMap(lines(ofGroup:))
  }

  private static func isSame(_ one: ExplainedDecision, _ other: ExplainedDecision) -> Bool {
    sentence(one) == sentence(other) && one.outcome == other.outcome && one.layer == other.layer
      && one.changesAt == other.changesAt && one.clause == other.clause
  }

  private static func lines(ofGroup group: [ExplainedDecision]) -> [String] {
    guard let first = group.first else { return [] }
    var lines = [sentence(first)]
    if first.allowed {
      lines.append("    at \(group.map(\.point).joined(separator: ", "))")
    } else {
      lines += group.map { "    \($0.point): \(denial($0) ?? "it is denied")" }
    }
    if let outcome = first.outcome { lines.append("    \(outcome)") }
    let layer = first.layer.map { "layer \($0), " } ?? ""
    let hash = first.policyHash.isEmpty ? "" : " \(first.policyHash.prefix(16))"
    lines.append("    \(layer)policy version \(first.policyVersion)\(hash)")
    lines.append(
      first.changesAt.map { "    changes by itself at \(Instant.text($0))" } ?? "    does not change by itself")
    return lines + ["    \(first.clause): \"\(first.sentence)\""]
  }

  /// The reason without what a denial does at its point.
  private static func sentence(_ decision: ExplainedDecision) -> String {
    guard !decision.allowed, let denial = denial(decision) else { return decision.reason }
    return decision.reason.replacing(" and \(denial)", with: "", maxReplacements: 1)
  }

  /// What its denial does at its point; nil for a point or a flag of a later version.
  private static func denial(_ decision: ExplainedDecision) -> String? {
    guard let point = Point(rawValue: decision.point), let flag = PumpkiiPolicy.Flag(rawValue: decision.flag) else {
      return nil
    }
    return point.denial(of: flag)
  }
}
