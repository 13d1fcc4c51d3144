/// What a word, a flag, a point or a clause means, for people who ask: without anybody's facts, so the same everywhere.
package enum Explanation {
  /// What was asked about.
  package enum Subject: Sendable, Equatable {
    case flag(Flag)
    case point(Point)
    case clause(Clause)
    /// An error's code, or a state of a camera.
    case code(Codes.Code)
    /// A specialist word, or the words of a code that is not known here.
    case terms([Glossary.Term])
  }

  /// What these words are; nil when nobody explains them. A flag and a point come first, then a clause, a code and a
  /// term.
  package static func subject(_ words: String) -> Subject? {
    let word = words.lowercased()
    if let flag = Flag(rawValue: word) { return .flag(flag) }
    if let point = Point.allCases.first(where: { $0.rawValue.lowercased() == word }) { return .point(point) }
    if let clause = Clauses.all.first(where: { $0.id.lowercased() == word }) { return .clause(clause) }
    if let code = Codes.code(word) { return .code(code) }
    if let term = Glossary.term(words) { return .terms([term]) }
    let terms = word.contains("-") ? Glossary.terms(inCode: word) : []
    return terms.isEmpty ? nil : .terms(terms)
  }

  /// Lines about it.
  package static func lines(_ subject: Subject) -> [String] {
    switch subject {
    case .flag(let flag): lines(flag)
    case .point(let point): lines(point)
    case .clause(let clause): lines(clause)
    case .code(let code): ["\(code.name): \(code.cause)", "What to do: \(code.remedy)"]
    case .terms(let terms): terms.map { "\($0.name): \($0.sentence)" }
    }
  }

  private static func lines(_ flag: Flag) -> [String] {
    var lines = ["\(flag.rawValue) lets a program \(flag.action)."]
    if let clause = Clauses.clause(flag.clause) {
      lines.append("\(clause.id): \(clause.summary)")
      lines += clause.quotes.map { "  “\($0)”" }
    }
    lines.append("Purpose: \(flag.purpose.rawValue); another use is denied.")
    lines.append(
      flag.leavesDevice ? "It takes data off the device: terms and risk come first." : "It stays on the device.")
    lines += flag.points.map { "\($0.rawValue): while it is denied, \($0.denial(of: flag))." }
    return lines
  }

  private static func lines(_ point: Point) -> [String] {
    let flags = Flag.allCases.filter { $0.points.contains(point) }
    return ["\(point.rawValue): when one of its flags is denied, \(point.denial)."]
      + flags.map { "\($0.rawValue): \($0.action) (\($0.clause))." }
  }

  private static func lines(_ clause: Clause) -> [String] {
    var lines = ["\(clause.id): \(clause.summary)"] + clause.quotes.map { "  “\($0)”" }
    if !clause.flags.isEmpty { lines.append("Flags: " + clause.flags.map(\.rawValue).joined(separator: ", ")) }
    if let duty = clause.duty { lines.append("Duty: \(duty)") }
    if !clause.points.isEmpty { lines.append("Points: " + clause.points.map(\.rawValue).joined(separator: ", ")) }
    if let place = clause.place { lines.append("Place: \(place)") }
    if !clause.tests.isEmpty { lines.append("Tests: " + clause.tests.joined(separator: ", ")) }
    if let pending = clause.relayPending { lines.append("Not there yet at the relay: \(pending)") }
    return lines
  }
}
