
/// What was found after each kill.
struct KillReport: BenchReport {
  let kills: Int
  let old: Int
  let new: Int
  /// Of the new ones, those that had been answered before the kill.
  let answered: Int
  let wrong: Int
  let trials: [KillBench.Trial]
  let isReached: Bool

  init(_ trials: [KillBench.Trial]) {
    self.trials = trials
    kills = trials.count
    old = trials.count { $0.found == "old" }
    new = trials.count { $0.found == "new" }
    answered = trials.count(where: \.wasAnswered)
    wrong = trials.count { !$0.isRight }
    isReached = wrong == 0
  }

  var text: String {
    var lines = [
      "\(kills) kills: the old policy \(old) times, the new one \(new) times (\(answered) of them answered before)",
      wrong == 0 ? "each time as a whole; every ledger verifies" : "WRONG \(wrong) times:",
    ]
    for trial in trials where !trial.isRight {
      let answer = trial.wasAnswered ? "answered" : "not answered"
      lines.append("  \(trial.change), \(trial.victim) killed, \(answer): \(trial.found); \(trial.detail)")
    }
    return lines.joined(separator: "\n")
  }
}
