internal import PumpkiiAgent

/// What a board that is its own owner must say of itself, as its owner and whoever sits at it have changed it.
struct BoardModel: Equatable, CustomStringConvertible {
  /// The flags that the kills are about; all the others stay denied.
  static let flags = ["record.local", "sensor.camera", "sensor.microphone"]

  /// By the owner's policy.
  var allowed: Set<String> = Set(flags)
  /// Of the owner's policy: while everything is paused, nothing else tells two policies apart.
  var version: UInt64 = 1
  var narrowed: Set<String> = []
  var isPaused = false

  var effective: Set<String> { isPaused ? [] : allowed.subtracting(narrowed) }

  var description: String {
    "version \(version) allows \(allowed.sorted()), narrowed \(narrowed.sorted())\(isPaused ? ", paused" : "")"
  }

  /// Whether a status says exactly this.
  func matches(_ status: BoardStatus) -> Bool {
    Set(status.flags.filter(\.isAllowed).map(\.flag)) == effective && status.narrowedOnBoard == narrowed.sorted()
      && (status.pausedBy == "board") == isPaused && status.policyVersion == version
  }

  /// A status in the same words, with the layer of each of these flags that it denies.
  static func words(_ status: BoardStatus) -> String {
    let said = status.flags.filter { Self.flags.contains($0.flag) }.map { "\($0.flag) \($0.layer ?? "allowed")" }
    return "version \(status.policyVersion), \(said.joined(separator: ", ")), narrowed \(status.narrowedOnBoard), "
      + "paused by \(status.pausedBy ?? "nobody"), the agent \(status.isRunning ? "runs" : "does not run")"
  }

  /// The arguments of a change that is one here, and what holds after it.
  func change(_ number: Int) -> (arguments: [String], after: BoardModel) {
    var after = self
    switch number % 4 {
    case 0:
      let allow = !allowed.contains("sensor.microphone")
      after.version += 1
      let sensors: Set = ["sensor.camera", "sensor.microphone"]
      after.allowed = allow ? allowed.union(sensors) : allowed.subtracting(sensors)
      let word = allow ? "allow" : "deny"
      return (["set", "sensor.microphone=\(word)", "sensor.camera=\(word)"], after)
    case 1:
      after.narrowed.formSymmetricDifference(["sensor.camera"])
      return ([narrowed.isEmpty ? "narrow" : "restore", "sensor.camera"], after)
    case 2:
      after.isPaused.toggle()
      return ([isPaused ? "resume" : "pause"], after)
    default:
      after.version += 1
      after.allowed.formSymmetricDifference(["record.local"])
      return (["set", "record.local=\(allowed.contains("record.local") ? "deny" : "allow")"], after)
    }
  }
}
