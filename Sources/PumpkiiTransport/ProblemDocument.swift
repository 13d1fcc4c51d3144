internal import FoundationEssentials

/// What a relay answers instead of success (RFC 9457), as far as we read it.
struct ProblemDocument: Decodable, Sendable {
  /// What an answer that is no success may hold before we stop reading.
  static let limit = 16 << 10

  var title: String?
  var code: String?
  var detail: String?

  /// The error for an answer of `status` with `body`.
  static func error(status: Int, body: [UInt8]) -> TransportError {
    let problem = try? JSONDecoder().decode(ProblemDocument.self, from: Data(body))
    let code = problem?.code ?? "http-\(status)"
    let detail = problem?.detail ?? problem?.title ?? "the relay answered \(status)"
    return TransportError(
      .refused, oneLine(detail), advice: advice(status: status, code: code), status: status, problem: oneLine(code))
  }

  /// A relay is not trusted with a person's terminal: no control characters, and not endless.
  private static func oneLine(_ text: String) -> String {
    let shown = text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
    return String(String(String.UnicodeScalarView(shown)).prefix(300))
  }

  private static func advice(status: Int, code: String) -> String? {
    switch code {
    case "camera-offline": return "look at the camera's power and network, and that its agent runs"
    case "relay-full": return "ask the relay's operator"
    case "operations-full": return "wait until the camera has answered; is it online?"
    case "not-watching": return nil
    default: break
    }
    return advice(status: status)
  }

  private static func advice(status: Int) -> String? {
    switch status {
    case 401: "this key is not known at the relay; check the relay's address, or create or pair it there"
    case 403: "this account has no right to it; ask the camera's owner"
    case 404: "check the identifier; the relay does not have it"
    case 409: "somebody else was faster; look at the present state and try again"
    case 410: "it is over; begin anew"
    case 413: "it is larger than the relay takes"
    case 429: "wait a minute and try again"
    case 500...599: "try again later; the relay's operator finds more in its log"
    default: nil
    }
  }
}
