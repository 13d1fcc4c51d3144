internal import PumpkiiAgent
internal import PumpkiiPolicy
internal import PumpkiiWire

extension BoardStatus {
  /// The flags that mean something on this board. What a person allows for himself is an account's; where there is
  /// none, only what happens on the board itself is left of it.
  var shownFlags: [FlagState] {
    flags.filter { state in
      guard owner == "local", let flag = PumpkiiPolicy.Flag(rawValue: state.flag) else { return true }
      return !AccountPolicyDocument.isOwn(state.flag) || !flag.leavesDevice
    }
  }

  /// A flag as people read it. A pause denies in the owner's name, also what the owner's policy does not speak of.
  func line(_ flag: FlagState) -> String {
    let layer = flag.layer.map { "  (\(pausedBy != nil && $0 == "owner" ? "paused" : $0))" } ?? ""
    let change = flag.changesAt.map { "  until \(Instant.text($0))" } ?? ""
    return "\(flag.isAllowed ? "allow" : "deny ")  \(flag.flag)\(layer)\(change)"
  }
}
