/// What a person may be told of: fixed sentences, with no picture, name or time in them.
package enum Notice: String, Sendable, CaseIterable {
  case motion
  case sound
  case clip
  case sensor
  case failure
  case viewer

  /// The name of its kind in `notices` of agent.yaml.
  package var kind: String { self == .failure ? Notice.sensor.rawValue : rawValue }

  /// One sentence.
  var sentence: String {
    switch self {
    case .motion: "The camera sees motion."
    case .sound: "The microphone hears something loud."
    case .clip: "A recording was kept."
    case .sensor: "The camera or the microphone was opened."
    case .failure: "The camera or the microphone is gone, or does not work."
    case .viewer: "Somebody may watch now who could not before."
    }
  }

  /// How it ends: each notice names the switch.
  var ending: String {
    "End these notices: leave `\(kind)` out of `notices` in agent.yaml. End all: pumpkii account permissions "
      + "notify.system=deny"
  }
}

/// Holds back what would be told again too soon; what is held back is counted, not kept.
package struct NoticePace: Sendable {
  /// ns between two notices of one kind.
  package static let interval: UInt64 = 60_000_000_000

  private var last: [Notice: UInt64] = [:]
  /// Notices that came too soon.
  package private(set) var held: UInt64 = 0

  package init() {}

  /// Whether it is time; `now` in ns of any monotonic clock.
  package mutating func take(_ notice: Notice, now: UInt64) -> Bool {
    if let before = last[notice], now < before + Self.interval {
      held += 1
      return false
    }
    last[notice] = now
    return true
  }
}
