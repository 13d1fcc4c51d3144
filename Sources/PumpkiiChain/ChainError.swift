/// Why a chain, a signature or a signed structure was refused.
///
/// Equality is on ``code`` alone, so that a test or a caller can switch on the reason without knowing the sentence.
package struct ChainError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  package enum Code: String, Sendable, CaseIterable {
    /// The bytes do not decode; the detail names the ``PumpkiiWire`` code.
    case malformed = "chain-malformed"
    case badSignature = "chain-bad-signature"
    /// The scalar S of a signature is not below the group order (RFC 8032 §5.1.7).
    case bigScalar = "chain-big-scalar"
    /// A key of order at most eight, for which a signature proves nothing, or one not written canonically.
    case smallOrderKey = "chain-small-order-key"
    /// Two entries signed by clients follow the same one; only the recovery key settles it.
    case fork = "chain-fork"
    case wrongPrevious = "chain-wrong-previous"
    case wrongVersion = "chain-wrong-version"
    /// The signer is no client of the account (any more).
    case notMember = "chain-not-member"
    /// The signer's kind or the rules of the chain do not allow this change.
    case notAllowed = "chain-not-allowed"
    case lastClient = "chain-last-client"
    case tooManyClients = "chain-too-many-clients"
    case duplicateClient = "chain-duplicate-client"
    case unknownClient = "chain-unknown-client"
    case wrongAccount = "chain-wrong-account"
    case notOwner = "chain-not-owner"
    /// A revocation of something that the roster never granted.
    case unknownTarget = "chain-unknown-target"
    case unknownAccount = "chain-unknown-account"
    /// Made on another head of the roster or account than the one that stands.
    case otherHead = "chain-other-head"
    /// Older than what was already accepted.
    case rolledBack = "chain-rolled-back"
    case wrongDevice = "chain-wrong-device"
    case wrongRelay = "chain-login-relay"
    case wrongChallenge = "chain-login-challenge"
    case wrongKey = "chain-wrong-key"
    case expired = "chain-expired"
    case tooLong = "chain-too-long"
    case empty = "chain-empty"
  }

  /// The reason.
  package let code: Code
  /// What was being checked. Never content.
  package let detail: String

  /// An error with its reason and what was being checked.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Code and detail in one line.
  package var description: String { "\(code.rawValue): \(detail)" }

  /// Equality on the code alone.
  package static func == (left: ChainError, right: ChainError) -> Bool { left.code == right.code }
}
