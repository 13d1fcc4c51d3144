package import PumpkiiWire

/// Why something asked of a relay did not happen, with what a person can do about it.
///
/// Equality is on ``code`` and ``problem``, so that a test or a caller switches on the reason and not on the sentence.
package struct TransportError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The closed list of reasons; the raw value is the stable code that programs see.
  package enum Code: String, Sendable, CaseIterable {
    /// The address is no `https://host:port`.
    case badAddress = "relay-bad-address"
    /// Plain `http` to something that is not this machine.
    case notLoopback = "relay-not-loopback"
    /// No connection came about: no such host, refused, no answer in time.
    case unreachable = "relay-unreachable"
    /// The relay showed another certificate than the one that was pinned.
    case pinMismatch = "relay-pin-mismatch"
    /// The relay's certificate does not verify against the system's roots.
    case certificate = "relay-certificate"
    /// The relay answered with a problem; ``problem`` and ``status`` say which.
    case refused = "relay-refused"
    /// The connection ended before what was asked had come.
    case closed = "relay-closed"
    /// Nothing, not even a heartbeat, came for 15 seconds.
    case silent = "relay-silent"
    /// The answer is not what the protocol allows.
    case malformed = "relay-malformed"
    /// The answer is larger than what was asked for may be.
    case tooLarge = "relay-too-large"
    /// The connection was shut down by this program.
    case shutDown = "relay-connection-shut-down"
    /// The task was cancelled.
    case cancelled = "cancelled"
  }

  /// The reason.
  package let code: Code
  /// The HTTP status of a refusal.
  package let status: Int?
  /// The relay's own stable code of a refusal, `account-unknown` for example.
  package let problem: String?
  /// One sentence: what happened.
  package let detail: String
  /// One sentence: what to do about it; nil where there is nothing.
  package let advice: String?

  /// An error with its reason, what happened, and what to do about it.
  package init(_ code: Code, _ detail: String, advice: String? = nil, status: Int? = nil, problem: String? = nil) {
    self.code = code
    self.detail = detail
    self.advice = advice
    self.status = status
    self.problem = problem
  }

  /// Bytes that are not the protocol.
  package init(_ error: WireError) {
    self.init(.malformed, "the relay sent something that is not the protocol (\(error))")
  }

  /// Code, sentence and advice in one line.
  package var description: String {
    let reason = problem.map { "\(code.rawValue) (\($0))" } ?? code.rawValue
    return "\(reason): \(detail)\(advice.map { "; " + $0 } ?? "")"
  }

  /// Whether trying again later may help without a person doing anything.
  package var isTransient: Bool {
    switch code {
    case .unreachable, .closed, .silent: true
    case .refused: status == 429 || (500...599).contains(status ?? 0)
    default: false
    }
  }

  /// Equality on ``code`` and ``problem``.
  package static func == (left: TransportError, right: TransportError) -> Bool {
    left.code == right.code && left.problem == right.problem
  }
}
