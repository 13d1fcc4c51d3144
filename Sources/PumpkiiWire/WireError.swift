/// Why bytes were refused. Decoders throw nothing else.
///
/// Equality is on ``code`` alone, so that a test or a caller can switch on the reason without knowing the sentence.
package struct WireError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  package enum Code: String, Sendable, CaseIterable {
    case truncated = "wire-truncated"
    case trailingBytes = "wire-trailing-bytes"
    case unknownVersion = "wire-unknown-version"
    case unknownType = "wire-unknown-type"
    case unknownValue = "wire-unknown-value"
    case overLimit = "wire-over-limit"
    case notMinimal = "wire-not-minimal"
    case padding = "wire-nonzero-padding"
    case notText = "wire-not-text"
    case order = "wire-order"
  }

  package let code: Code
  /// What was being read, in the words of `docs/protocol.md`. Never content.
  package let field: String

  package init(_ code: Code, _ field: String) {
    self.code = code
    self.field = field
  }

  package var description: String { "\(code.rawValue): \(field)" }

  package static func == (left: WireError, right: WireError) -> Bool { left.code == right.code }
}
