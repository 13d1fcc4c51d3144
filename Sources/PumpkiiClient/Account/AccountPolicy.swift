internal import PumpkiiChain
internal import PumpkiiWire

/// A text that a person accepted, or is asked to: named by its hash, so that no later text can stand in for it.
public struct AcceptedText: Sendable, Codable, Hashable {
  /// Which text.
  public enum Kind: String, Sendable, Codable, CaseIterable {
    /// The privacy policy; accepting it allows `terms.accepted`.
    case terms
    /// The honest limits; acknowledging them allows `risk.acknowledged`.
    case risk
  }

  /// Which text.
  public let kind: Kind
  /// The text's version, from 1.
  public let version: UInt64
  /// The text's SHA-256, 64 hexadecimal digits.
  public let sha256: String

  /// A version of a text.
  public init(kind: Kind, version: UInt64, sha256: String) {
    self.kind = kind
    self.version = version
    self.sha256 = sha256
  }
}

/// What a person allows of their own: terms, risk, notices, diagnostics, disclosure. A flag that is not named is
/// denied.
public struct AccountPolicy: Sendable, Codable, Equatable {
  /// The document's version; 0 before the first.
  public let version: UInt64
  /// The document's hash; empty before the first.
  public let hash: String
  /// Flag to allowed, every flag of this version of the program that is a person's own.
  public let flags: [String: Bool]
  /// The texts that were accepted.
  public let accepted: [AcceptedText]

  /// Whether the document allows a flag.
  public func allows(_ flag: String) -> Bool { flags[flag] == true }

  /// Whether exactly this text was accepted.
  public func accepts(_ text: AcceptedText) -> Bool { accepted.contains(text) }
}

extension AccountPolicy {
  init(_ document: Signed<AccountPolicyDocument>?) {
    version = document?.body.version ?? 0
    hash = document.map { Hashes.sha256($0.bytes).hex } ?? ""
    flags = Dictionary(uniqueKeysWithValues: Account.policyFlags.map { ($0, document?.body.allows($0) ?? false) })
    accepted = document?.body.texts.map { AcceptedText($0) } ?? []
  }
}

extension AcceptedText {
  init(_ text: AccountPolicyDocument.Text) {
    self.init(kind: text.kind == .terms ? .terms : .risk, version: text.version, sha256: text.hash.hex)
  }

  /// - Throws: ``ClientError`` `client-usage` when the hash is none.
  func wire() throws(ClientError) -> AccountPolicyDocument.Text {
    guard let hash = try? Digest(hex: sha256) else {
      throw ClientError(.usage, "the hash of a text has 64 hexadecimal digits")
    }
    return AccountPolicyDocument.Text(kind: kind.wire, version: version, hash: hash)
  }
}

extension AcceptedText.Kind {
  var wire: AccountPolicyDocument.Text.Kind { self == .terms ? .terms : .risk }
}
