package import PumpkiiChain
package import PumpkiiSystem
package import PumpkiiWire

/// Why the vault would not seal, open or give away something.
///
/// Equality is on ``code`` alone, so that a test or a caller can switch on the reason without knowing the sentence.
package struct VaultError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  package enum Code: String, Sendable, CaseIterable {
    /// The bytes do not decode; the detail names the wire code.
    case malformed = "vault-malformed"
    case wrongDevice = "vault-wrong-device"
    /// An epoch that goes back, or a second one under a number that is taken.
    case wrongEpoch = "vault-wrong-epoch"
    /// No key message of this epoch was opened.
    case unknownEpoch = "vault-unknown-epoch"
    /// The epoch gave us no key of this class.
    case noKey = "vault-no-key"
    /// An object that was there before, or comes before one that was.
    case replay = "vault-replay"
    /// Objects are missing and this one is no place to go on: wait for random access.
    case gap = "vault-gap"
    /// A segment without its end.
    case cut = "vault-cut"
    /// The end of a segment contradicts what was in it.
    case endMismatch = "vault-end-mismatch"
    /// Class, track, flags and kind of an object do not belong together.
    case mediaClass = "vault-class"
    case kidMismatch = "vault-kid-mismatch"
    case indexMismatch = "vault-index-mismatch"
    /// A capture time before the one before it.
    case timeOrder = "vault-time-order"
    case badSignature = "vault-bad-signature"
    case badTag = "vault-bad-tag"
    case badCommitment = "vault-bad-commitment"
    /// An entry that the head does not name.
    case badEntry = "vault-bad-entry"
    case noEntry = "vault-no-entry"
    /// A key message made for an older roster than the one we know.
    case oldRoster = "vault-old-roster"
    case badKey = "vault-bad-key"
    case counterExhausted = "vault-counter-exhausted"
    /// A sealer that failed once seals no more.
    case broken = "vault-broken"
    /// The relay holds an epoch of this device that this device never began.
    case clone = "vault-clone"
    /// A code or link that was mistyped.
    case badCode = "vault-bad-code"
    case badMAC = "vault-bad-mac"
    /// A file could not be read or written.
    case storage = "vault-storage"
  }

  /// The reason.
  package let code: Code
  /// What was being done. Never content, never key material.
  package let detail: String

  /// An error with its reason and what was being done.
  package init(_ code: Code, _ detail: String) {
    self.code = code
    self.detail = detail
  }

  /// Bytes that did not decode.
  package init(_ error: WireError) { self.init(.malformed, error.description) }

  /// A signature or structure that the chain room refused.
  package init(_ error: ChainError) {
    let code: Code =
      switch error.code {
      case .badSignature, .bigScalar: .badSignature
      case .smallOrderKey: .badKey
      case .wrongDevice: .wrongDevice
      default: .malformed
      }
    self.init(code, error.description)
  }

  /// A file that failed.
  package init(_ error: SystemError) { self.init(.storage, error.description) }

  /// Code and detail in one line.
  package var description: String { "\(code.rawValue): \(detail)" }

  /// Equality on the code alone.
  package static func == (left: VaultError, right: VaultError) -> Bool { left.code == right.code }
}
