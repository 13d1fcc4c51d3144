internal import PumpkiiSystem

extension Spool {
  /// Lets the counter beside the key know each number before a clip bears it.
  /// - Throws: ``AgentError`` `home`.
  package func count(by counter: Counter) throws(AgentError) {
    numbers.count(by: counter)
    let last = try numbers.last()
    report.update { $0.highestClip = last }
  }
}
