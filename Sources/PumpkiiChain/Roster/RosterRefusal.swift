package import PumpkiiWire

/// Why a roster does not take an operation; the reason is what the device lists in its next key head.
///
/// Equality is on ``reason`` alone.
package struct RosterRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  /// The reason as it stands on the wire.
  package let reason: KeyHead.Refusal.Reason
  /// What was wrong, for a log. Never content.
  package let detail: String

  /// A refusal with its reason and what was wrong.
  package init(_ reason: KeyHead.Refusal.Reason, _ detail: String) {
    self.reason = reason
    self.detail = detail
  }

  /// Reason and detail in one line.
  package var description: String { "\(reason): \(detail)" }

  /// Equality on the reason alone.
  package static func == (left: RosterRefusal, right: RosterRefusal) -> Bool { left.reason == right.reason }

  /// The same refusal in a chain's words, for readers of a whole roster.
  var chainError: ChainError {
    switch reason {
    case .otherHead: ChainError(.otherHead, detail)
    case .notOwner: ChainError(.notOwner, detail)
    case .badSignature: ChainError(.badSignature, detail)
    case .unknownAccount: ChainError(.unknownAccount, detail)
    case .unknownTarget: ChainError(.unknownTarget, detail)
    case .expired: ChainError(.expired, detail)
    case .notAllowed: ChainError(.notAllowed, detail)
    }
  }
}
