/// A control of a camera: a knob that a program may turn.
public struct ControlProfile: Sendable, Hashable {
  /// The name V4L2 gives it, in lower case with underscores: `brightness`, `exposure_time_absolute`, `focus_absolute`.
  public var name: String
  /// The least value.
  public var minimum: Int
  /// The greatest.
  public var maximum: Int
  /// From one value to the next.
  public var step: Int
  /// The value it has when the camera is plugged in.
  public var standard: Int

  /// A control.
  public init(name: String, minimum: Int, maximum: Int, step: Int = 1, standard: Int) {
    self.name = name
    self.minimum = minimum
    self.maximum = maximum
    self.step = step
    self.standard = standard
  }
}
