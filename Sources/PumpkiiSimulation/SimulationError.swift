/// Why a simulated device cannot be made, with what to do about it. Equality is on ``code`` alone.
public struct SimulationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  public enum Code: String, Sendable, CaseIterable {
    /// A profile that is not there or cannot be read.
    case profileUnreadable = "profile-unreadable"
    /// A profile with an unknown key, a wrong type or a value out of range.
    case profileInvalid = "profile-invalid"
    /// A picture, film or sound file that is not there or cannot be read.
    case sourceUnreadable = "source-unreadable"
    /// A file in a format that fakes do not play; the advice is the line that converts it.
    case sourceForeign = "source-foreign-format"
    /// A file of a known format with content that fakes do not play; the advice is the line that converts it.
    case sourceUnsupported = "source-unsupported"
    /// A file of a known format that is damaged or empty.
    case sourceDamaged = "source-damaged"
    /// The kernel has no virtual USB host controller.
    case hostControllerMissing = "host-controller-missing"
    /// The virtual USB host controller, or this process's rights, do not allow it.
    case hostControllerRefused = "host-controller-refused"
  }

  /// The reason, for programs.
  public let code: Code
  /// One line: what happened.
  public let reason: String
  /// One line: what to do next; where a file must be converted, the command.
  public let advice: String

  /// Makes an error of the list.
  public init(_ code: Code, _ reason: String, advice: String) {
    self.code = code
    self.reason = reason
    self.advice = advice
  }

  /// Reason, code and advice in one line.
  public var description: String { "\(reason) (\(code.rawValue)). \(advice)" }

  /// Equal when the codes are.
  public static func == (left: SimulationError, right: SimulationError) -> Bool { left.code == right.code }
}
