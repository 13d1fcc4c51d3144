/// Why something asked of an account, a camera or a kept file did not happen, with what a person can do about it.
///
/// Equality is on ``code`` alone. Codes are open: those of the rooms below (`relay-…`, `vault-…`, `chain-…`) come
/// through as they are, and newer versions may have more.
public struct ClientError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A stable word for a reason, for programs to switch on.
  public struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    /// The word as it stands in JSON and logs.
    public let rawValue: String
    /// A code from its word.
    public init(rawValue: String) { self.rawValue = rawValue }
    /// The word.
    public var description: String { rawValue }

    /// What was given makes no sense: a mistyped identifier, flag or code.
    public static let usage = Code(rawValue: "client-usage")
    /// The folder holds no account.
    public static let noAccount = Code(rawValue: "client-no-account")
    /// The folder holds an account already.
    public static let accountExists = Code(rawValue: "client-account-exists")
    /// A file of the account's folder cannot be read, written or trusted.
    public static let home = Code(rawValue: "client-home")
    /// No camera of this name or id is known, or several are.
    public static let noCamera = Code(rawValue: "client-no-camera")
    /// Only an owner of the camera may do this.
    public static let notOwner = Code(rawValue: "client-not-owner")
    /// The other side of a pairing did not prove that it saw the code, or is another camera.
    public static let pairing = Code(rawValue: "client-pairing")
    /// The camera did not take an operation; the message says why.
    public static let refused = Code(rawValue: "client-refused")
    /// The relay offers something older than what this account saw before.
    public static let rolledBack = Code(rawValue: "client-rolled-back")
    /// This account's right to the camera ended.
    public static let cut = Code(rawValue: "client-cut")
    /// What was waited for did not come in time.
    public static let timeout = Code(rawValue: "client-timeout")
    /// The camera has no connection to its relay.
    public static let offline = Code(rawValue: "client-offline")
    /// A file holds something that does not verify.
    public static let altered = Code(rawValue: "client-altered")
    /// The media cannot be put together.
    public static let media = Code(rawValue: "client-media")
    /// Whoever read what was written has closed it: a player's window, for example.
    public static let readerGone = Code(rawValue: "client-reader-gone")
    /// The task was cancelled.
    public static let cancelled = Code(rawValue: "cancelled")
  }

  /// The reason.
  public let code: Code
  /// One sentence: what happened. Never content, never key material.
  public let message: String
  /// One sentence: what to do about it; nil where there is nothing.
  public let advice: String?
  /// Whether trying again later may help without a person doing anything: a relay that is not there, for example.
  public let isTransient: Bool
  /// Whether a relay said that this account has no right to it.
  let isForbidden: Bool

  /// An error with its reason, what happened, and what to do about it.
  public init(_ code: Code, _ message: String, advice: String? = nil) {
    self.init(code, message, advice: advice, isTransient: false, isForbidden: false)
  }

  init(_ code: Code, _ message: String, advice: String?, isTransient: Bool, isForbidden: Bool) {
    self.code = code
    self.message = message
    self.advice = advice
    self.isTransient = isTransient
    self.isForbidden = isForbidden
  }

  /// One line: what happened, the advice, and the code.
  public var description: String { "\(message)\(advice.map { "; " + $0 } ?? "") [\(code)]" }

  /// Equality on the code alone.
  public static func == (left: ClientError, right: ClientError) -> Bool { left.code == right.code }
}
