internal import PumpkiiPolicy
internal import PumpkiiWire

// The signed conditions in the judge's own words. What the judge does not know, as a flag of a later version, it does not
// allow either, so that a window with it narrows nothing that exists.
extension Schedule {
  init(_ conditions: PolicyConditions) {
    let entries = conditions.windows.compactMap { window in
      Entry(
        flags: Set(window.flags.compactMap(Flag.init(rawValue:))), days: Days(rawValue: window.days),
        from: Int(window.from), to: Int(window.to))
    }
    self.init(entries: entries, zone: conditions.zone)
  }
}

extension ExpectedSensor {
  init?(_ device: PolicyConditions.Device) {
    switch device.sensor {
    case 1: self.init(flag: .sensorCamera, fingerprint: device.fingerprint.hex)
    case 2: self.init(flag: .sensorMicrophone, fingerprint: device.fingerprint.hex)
    default: return nil
    }
  }
}

extension RosterState {
  /// Looks at the clock, and reads the zone that the policy names where it is not read yet.
  mutating func read(clock: ClockGuard?) {
    self.clock = clock?.facts() ?? .unset
    let name = policyDocument?.conditions.zone ?? ""
    if zone?.name != name { zone = name.isEmpty ? nil : ZoneDirectory.rules(named: name) }
  }
}
