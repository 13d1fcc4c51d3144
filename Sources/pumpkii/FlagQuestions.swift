internal import PumpkiiPolicy

/// First use asks: each flag with the policy's sentence behind it. Only "yes" allows.
enum FlagQuestions {
  /// - Returns: the flags that were answered; nothing at the end of the input.
  static func ask(_ flags: [Flag]) -> [String: Bool] {
    var answers: [String: Bool] = [:]
    for flag in flags {
      Output.note("")
      Output.note("\(flag.clause): \"\(Clauses.clause(flag.clause)?.quotes.first ?? "")\"")
      Output.progress("May this camera \(flag.action) (\(flag.rawValue))? yes or no: ")
      guard let answer = readLine() else { return answers }
      answers[flag.rawValue] = ["yes", "y"].contains(answer.lowercased())
    }
    return answers
  }
}
