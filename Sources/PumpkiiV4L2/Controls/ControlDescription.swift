internal import CPumpkiiV4L2

/// One knob of a camera, as its driver describes it.
public struct ControlDescription: Sendable, Hashable {
  /// What values it takes.
  public enum Kind: String, Sendable, CaseIterable {
    /// A number.
    case integer
    /// 0 or 1.
    case boolean
    /// A choice of names.
    case menu
    /// A choice of numbers.
    case integerMenu
    /// Does something when it is set, whatever to.
    case button
    /// A number of 64 bits.
    case integer64
    /// Bits.
    case bitmask
    /// A text, an array, a structure: not to be set by a number.
    case other
  }

  /// In lower case with underscores, as `v4l2-ctl` writes it.
  public var name: String
  /// V4L2's number of it.
  public var id: UInt32
  /// What values it takes.
  public var kind: Kind
  /// The least value.
  public var minimum: Int
  /// The greatest.
  public var maximum: Int
  /// From one value to the next.
  public var step: Int
  /// What the driver calls the default.
  public var standard: Int
  /// The value now; nil where it cannot be read.
  public var value: Int?
  /// Of a menu: the values that may be chosen, by name.
  public var menu: [Int: String]
  /// `V4L2_CTRL_FLAG_…`.
  public var flags: UInt32

  /// A control.
  package init(
    name: String, id: UInt32, kind: Kind, minimum: Int, maximum: Int, step: Int, standard: Int, value: Int? = nil,
    menu: [Int: String] = [:], flags: UInt32 = 0
  ) {
    self.name = name
    self.id = id
    self.kind = kind
    self.minimum = minimum
    self.maximum = maximum
    self.step = step
    self.standard = standard
    self.value = value
    self.menu = menu
    self.flags = flags
  }

  private func has(_ flag: some BinaryInteger) -> Bool { flags & UInt32(truncatingIfNeeded: flag) != 0 }

  /// True where it can only be looked at, as a privacy shutter is.
  public var isReadOnly: Bool { has(V4L2_CTRL_FLAG_READ_ONLY) }
  /// True where an automatic mode is in charge of it.
  public var isInactive: Bool { has(V4L2_CTRL_FLAG_INACTIVE) }
  /// True where it cannot be changed just now.
  public var isGrabbed: Bool { has(V4L2_CTRL_FLAG_GRABBED) }
  /// True where there is nothing to read back.
  public var isWriteOnly: Bool { has(V4L2_CTRL_FLAG_WRITE_ONLY) || kind == .button }
}

extension ControlDescription {
  /// Why this value cannot be set now; nil where it can.
  package func problem(with wanted: Int) -> String? {
    if kind == .other || kind == .integer64 { return "cannot be set by a number" }
    if has(V4L2_CTRL_FLAG_DISABLED) { return "is switched off by the driver" }
    if isReadOnly { return "can only be read" }
    if let problem = rangeProblem(wanted) { return problem }
    if isGrabbed { return "is held while the camera streams or another program uses it" }
    return isInactive ? "has no effect while an automatic mode is on; switch that off first" : nil
  }

  private func rangeProblem(_ wanted: Int) -> String? {
    switch kind {
    case .button: return nil
    case .menu, .integerMenu:
      guard !menu.isEmpty, menu[wanted] == nil else { return menu.isEmpty ? outside(wanted) : nil }
      return "takes " + menu.sorted { $0.key < $1.key }.map { "\($0.key) (\($0.value))" }.joined(separator: ", ")
    // The kernel says the maximum of a bitmask as a signed number.
    case .bitmask: return UInt32(truncatingIfNeeded: wanted & ~maximum) == 0 ? nil : "takes bits of \(maximum)"
    default: return outside(wanted) ?? between(wanted)
    }
  }

  private func outside(_ wanted: Int) -> String? {
    let steps = step > 1 ? " in steps of \(step)" : ""
    return minimum <= wanted && wanted <= maximum ? nil : "takes \(minimum) to \(maximum)\(steps)"
  }

  private func between(_ wanted: Int) -> String? {
    let (distance, isTooFar) = wanted.subtractingReportingOverflow(minimum)
    guard step > 1, !isTooFar, distance % step != 0 else { return nil }
    let below = wanted - distance % step
    let above = below + step <= maximum ? " or \(below + step)" : ""
    return "takes \(minimum) to \(maximum) in steps of \(step): \(below)\(above) is next to it"
  }
}
