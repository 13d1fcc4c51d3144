/// Why a sensor gives nothing, with what to do about it. Equality is on ``code`` alone.
public struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Distinct states of a device; the raw value is the stable code that programs see.
  public enum Code: String, Sendable, CaseIterable {
    /// Another program has it open.
    case busy = "device-busy"
    /// We may not open it.
    case noPermission = "device-no-permission"
    /// The USB bus has no room for this format (ENOSPC at STREAMON).
    case noBandwidth = "device-no-bandwidth"
    /// An HDMI source gives no signal, or none that can be locked on.
    case noSignal = "device-no-signal"
    /// It gives no frames, and every rung of the recovery ladder was tried.
    case frozen = "device-frozen"
    /// It is not there, or no longer.
    case gone = "device-gone"
    /// It captures no pictures: a metadata, output or memory-to-memory node, or a raw sensor.
    case notCapture = "device-not-capture"
    /// Nothing it offers can be used.
    case unsupported = "device-unsupported-format"
    /// A file that stands in for it cannot be read.
    case unreadable = "device-unreadable-source"
    /// The driver gave an error that nothing else here names.
    case failed = "device-failed"
    /// Another camera sits where the chosen one was.
    case stranger = "device-stranger"
    /// The program that delivers the pictures (`rpicam-vid`) ended or cannot be started.
    case sourceFailed = "device-source-failed"
  }

  /// Which state.
  public let code: Code
  /// One line: what happened.
  public let reason: String
  /// One line: what to do next.
  public let advice: String

  /// An error with its two lines.
  public init(_ code: Code, _ reason: String, advice: String) {
    self.code = code
    self.reason = reason
    self.advice = advice
  }

  /// Both lines with the code.
  public var description: String { "\(reason) (\(code.rawValue)). \(advice)" }

  /// Equal by code alone.
  public static func == (left: CaptureError, right: CaptureError) -> Bool { left.code == right.code }
}
