/// Whether this device knows what time it is. Schedules rest on that, so without it they deny.
package enum ClockFacts: String, Sendable, Hashable, CaseIterable {
  /// Set by a source that the device trusts, and it never went back since.
  case trusted
  /// Not set since the device started.
  case unset
  /// It went back, below an instant that had been before.
  case jumpedBack

  /// Why schedules deny; nil when they need not.
  var problem: String? {
    switch self {
    case .trusted: nil
    case .unset: "this device's clock is not set"
    case .jumpedBack: "this device's clock jumped back"
    }
  }
}
