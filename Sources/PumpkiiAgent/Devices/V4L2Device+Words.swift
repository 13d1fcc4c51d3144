package import PumpkiiV4L2

extension V4L2Device {
  /// True for a bare sensor, which has a working route of its own.
  package var isRawSensor: Bool {
    if case .rawSensor = kind { return true }
    return false
  }

  /// What to do with a node that captures no pictures; nil for one that does, or where nothing can be done.
  package var advice: String? {
    if case .rawSensor(let advice) = kind { return advice }
    return nil
  }
}
