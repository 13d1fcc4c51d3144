/// Why a sensor gives nothing, with what to do about it. Equality is on ``code`` alone.
package struct CaptureError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Distinct states of a device; the raw value is the stable code that programs see.
  package enum Code: String, Sendable, CaseIterable {
    case busy = "device-busy"
    case noPermission = "device-no-permission"
    case noBandwidth = "device-no-bandwidth"
    case noSignal = "device-no-signal"
    case frozen = "device-frozen"
    case gone = "device-gone"
    case notCapture = "device-not-capture"
    case unsupported = "device-unsupported-format"
    case unreadable = "device-unreadable-source"
    case failed = "device-failed"
  }

  package let code: Code
  /// One line: what happened.
  package let reason: String
  /// One line: what to do next.
  package let advice: String

  package init(_ code: Code, _ reason: String, advice: String) {
    self.code = code
    self.reason = reason
    self.advice = advice
  }

  package var description: String { "\(reason) (\(code.rawValue)). \(advice)" }

  package static func == (left: CaptureError, right: CaptureError) -> Bool { left.code == right.code }
}
