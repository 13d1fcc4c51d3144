internal import Logging
internal import PumpkiiPolicy
internal import PumpkiiSystem
internal import PumpkiiWire

// What became of the ceiling and of the board's file while no agent looked: found at a start by what the consent ledger
// says last, and said there before anything of it widens.
extension RosterKeeper {
  /// Keeps what was denied on the board and its file does not hold any more; finds what the ledger does not say yet.
  /// - Parameter state: as it was read; its board gains what the ledger denies.
  /// - Returns: what is to be written before the ceiling holds.
  static func catchUp(_ state: inout RosterState, _ memory: ConsentMemory, _ parts: Parts) -> [Unwritten] {
    // A damaged file counts as a pause.
    let found = (state.board ?? BoardState(pausedSince: Clocks.unixMicroseconds())).adding(memory.board)
    if let board = state.board, board != found {
      state.board = found
      parts.logger.warning("what was denied on the board is denied again: its file did not hold it any more")
    }
    var missed = records(of: ConsentStatement.board(from: memory.board, to: found), by: .device, under: state)
    guard parts.ownsCeiling else { return missed }
    let before = memory.ceiling(before: state.ceiling)
    let said = ConsentStatement.ceiling(from: before, to: state.ceiling)
    if !said.isEmpty { parts.logger.notice("another ceiling than at the last start; \(gains(before, state.ceiling))") }
    missed += records(of: said, by: .ceiling, under: state)
    return missed
  }

  /// In words, for the log.
  static func gains(_ before: [Flag: Bool]?, _ after: [Flag: Bool]?) -> String {
    let gained = CeilingChange(from: before, to: after).gained.map(\.rawValue)
    return gained.isEmpty ? "nothing more is allowed" : "no longer denied: \(gained.joined(separator: ", "))"
  }

  /// Writes what is to be said.
  /// - Returns: what the disk did not take, and whether all of it counts; until it does, nothing of it widens.
  static func write(_ missed: [Unwritten], _ parts: Parts) -> (left: [Unwritten], counts: Bool) {
    guard let consents = parts.audit?.consents else { return ([], true) }
    var left = missed
    do throws(AgentError) {
      while let next = left.first {
        try consents.write(next.record, by: next.person, at: next.time)
        left.removeFirst()
      }
      try consents.settle()
      return ([], true)
    } catch {
      parts.logger.error("\(error)", metadata: ["code": "\(error.code.rawValue)"])
      return (left, false)
    }
  }
}
