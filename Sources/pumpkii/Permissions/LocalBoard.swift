internal import PumpkiiPolicy

/// What to say after a board that is its own owner was set.
enum LocalBoard {
  /// What was allowed and cannot happen: nothing leaves a board without an account. Nil where all of it can.
  static func reservation(_ changes: [String: Bool]) -> String? {
    let leaving = changes.filter(\.value).keys.compactMap { PumpkiiPolicy.Flag(rawValue: $0) }.filter(\.leavesDevice)
    guard !leaving.isEmpty else { return nil }
    let names = leaving.map(\.rawValue).sorted().joined(separator: ", ")
    return "Allowed by the owner and not in force: \(names). Nothing leaves a board without an account; "
      + "pair it (pumpkii agent pair), and its owner accepts the terms."
  }
}
