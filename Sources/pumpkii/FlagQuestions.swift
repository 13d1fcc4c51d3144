internal import PumpkiiPolicy

/// First use asks: each flag with the policy's sentence behind it. Only "yes" allows.
enum FlagQuestions {
  /// Asks until it is answered yes or no; says so where the input ends before that.
  /// - Returns: the flags that were answered.
  static func ask(_ flags: [Flag], board: String) -> [String: Bool] {
    var answers: [String: Bool] = [:]
    for flag in flags {
      Output.note("")
      Output.note("\(flag.clause): \"\(Clauses.clause(flag.clause)?.quotes.first ?? "")\"")
      guard let answer = answer("May this camera \(flag.action) (\(flag.rawValue))? yes or no: ") else {
        let open = flags.map(\.rawValue).filter { answers[$0] == nil }.joined(separator: ", ")
        Output.note("")
        Output.note("The input ended. Not answered, so denied: \(open)")
        Output.note("Allow them later: pumpkii permissions set --board \(board) FLAG=allow")
        return answers
      }
      answers[flag.rawValue] = answer
    }
    return answers
  }

  /// Nil at the end of the input.
  private static func answer(_ question: String) -> Bool? {
    while true {
      Output.progress(question)
      guard let line = readLine() else { return nil }
      switch line.lowercased().filter({ $0 != " " }) {
      case "yes", "y": return true
      case "no", "n": return false
      default: Output.note("Please answer yes or no.")
      }
    }
  }
}
