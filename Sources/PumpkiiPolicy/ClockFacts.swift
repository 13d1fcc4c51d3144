/// Whether this device knows what time it is. Schedules rest on that, so without it they deny.
package enum ClockFacts: String, Sendable, Hashable, CaseIterable {
  /// Set by a source that the device trusts, and it never went back since.
  case trusted
  /// Not set since the device started, or kept by no time source and no battery.
  case unset
  /// It went back, below an instant that had been before.
  case jumpedBack

  /// Why schedules deny; nil when they need not.
  var problem: String? {
    switch self {
    case .trusted: nil
    case .unset: "nothing keeps this device's clock"
    case .jumpedBack: "this device's clock jumped back"
    }
  }

  /// What ends that.
  var advice: String {
    self == .jumpedBack
      ? "It is believed again once a time source (NTP) has kept it for ten minutes, or when it has passed the time that "
        + "was before."
      : "It is asked again once a time source (NTP) or a battery keeps the clock, or whoever runs the board vouches for it "
        + "(clock.trusted in agent.yaml)."
  }
}
