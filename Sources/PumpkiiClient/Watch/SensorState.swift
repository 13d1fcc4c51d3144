/// How one of a camera's sensors is.
public enum SensorState: Sendable, Hashable {
  /// Why something that may come is not known to be live.
  public enum Doubt: String, Sendable, CaseIterable {
    /// Nothing has been proven yet.
    case waiting
    /// The camera's signed word does not come any more.
    case silent
    /// The camera's signed word comes, but not over what this viewer asked: somebody may be replaying it.
    case unanswered
    /// What opens here stays behind what the camera has sealed.
    case behind
    /// This viewer has no connection to the relay.
    case disconnected
  }

  /// What is seen or heard happens now.
  case live
  /// What is seen or heard may be old.
  case notLive(Doubt)
  /// The owner, or whoever runs the camera, does not allow it.
  case offByPolicy
  /// The camera has no such sensor, or it was unplugged.
  case noSensor
  /// The source gives no signal; a microphone gives nothing but zeros.
  case noSignal
  /// The sensor gives nothing any more, and the camera tries to bring it back.
  case frozen
  /// The privacy shutter is closed.
  case shutter
  /// The camera does not trust its clock, and what it may do depends on the time.
  case clock
  /// It is allowed and nobody wants it.
  case idle
  /// The sensor is there and cannot be used: another program has it, or permission or bandwidth is missing.
  case unusable
  /// The sensor is being opened.
  case starting
  /// The camera has no connection to its relay.
  case offline
  /// This account's right ended.
  case revoked

  /// A stable word, for programs: `live`, `off-by-policy`, `not-live-behind`.
  public var code: String {
    switch self {
    case .live: "live"
    case .notLive(let doubt): "not-live-\(doubt.rawValue)"
    case .offByPolicy: "off-by-policy"
    case .noSensor: "no-sensor"
    case .noSignal: "no-signal"
    case .frozen: "frozen"
    case .shutter: "shutter"
    case .clock: "clock"
    case .idle: "idle"
    case .unusable: "unusable"
    case .starting: "starting"
    case .offline: "offline"
    case .revoked: "revoked"
    }
  }

  /// A few words for people.
  public var words: String {
    switch self {
    case .live: "live"
    case .notLive(.waiting): "not proven live yet"
    case .notLive(.silent): "not live: the camera says nothing"
    case .notLive(.unanswered): "not live: the camera's word may be a replayed one"
    case .notLive(.behind): "not live: the picture is behind the camera"
    case .notLive(.disconnected): "not live: no connection to the relay"
    case .offByPolicy: "off by policy"
    case .noSensor: "no sensor (unplugged?)"
    case .noSignal: "no signal"
    case .frozen: "frozen"
    case .shutter: "the shutter is closed"
    case .clock: "off until the camera knows the time"
    case .idle: "idle"
    case .unusable: "the camera cannot use its sensor"
    case .starting: "starting"
    case .offline: "offline"
    case .revoked: "the right to watch ended"
    }
  }
}
