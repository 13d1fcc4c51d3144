package import PumpkiiWire

/// Where a relay is and how it proves itself: by a public certificate, or by the one certificate whose hash is the pin.
package struct RelayAddress: Sendable, Hashable, Codable {
  /// Scheme, host in lower case and port, always all three: `https://relay.example:8443`.
  package let origin: String
  /// SHA-256 of the relay's certificate (DER); nil when the system's roots decide.
  package let pin: Digest?
  /// Without the brackets of an IPv6 literal.
  package let host: String
  /// The port, also where the scheme's own was meant.
  package let port: Int
  /// Everywhere but on this machine.
  package let isTLS: Bool

  /// Parses `https://host:port`; `http` only towards this machine.
  /// - Throws: ``TransportError`` `relay-bad-address` or `relay-not-loopback`.
  package init(_ text: String, pin: Digest? = nil) throws(TransportError) {
    let (scheme, rest) = try Self.scheme(of: text)
    let (host, port) = try Self.authority(rest, text)
    isTLS = scheme == "https"
    self.host = host.lowercased()
    self.port = port ?? (isTLS ? 443 : 80)
    self.pin = pin
    let bracketed = host.contains(":") ? "[\(self.host)]" : self.host
    origin = "\(scheme)://\(bracketed):\(self.port)"
    guard isTLS || Self.isLoopback(self.host) else {
      throw TransportError(
        .notLoopback, "\(text) is plain HTTP to another machine",
        advice: "use https://, or a loopback address such as http://127.0.0.1:\(self.port)")
    }
    guard isTLS || pin == nil else {
      throw TransportError(.badAddress, "a pin needs https", advice: "leave the pin out, or use https://")
    }
  }

  /// As above with the pin as people write it: 64 hexadecimal digits, colons and blanks ignored.
  /// - Throws: ``TransportError`` `relay-bad-address` or `relay-not-loopback`.
  package init(_ text: String, pinText: String?) throws(TransportError) {
    var pin: Digest?
    if let pinText, !pinText.isEmpty {
      pin = try? Digest(hex: pinText.filter { $0 != ":" && $0 != " " })
      guard pin != nil else {
        throw TransportError(
          .badAddress, "the pin is not 64 hexadecimal digits", advice: "copy what `pumpkii-relay init` printed")
      }
    }
    try self.init(text, pin: pin)
  }

  /// What a login at this relay is bound to: the pin where there is one, else the origin.
  package var loginRelay: LoginStatement.Relay { pin.map { .pin($0) } ?? .origin(origin) }

  private static func scheme(of text: String) throws(TransportError) -> (scheme: String, rest: Substring) {
    for scheme in ["https", "http"] where text.lowercased().hasPrefix(scheme + "://") {
      return (scheme, text.dropFirst(scheme.count + 3))
    }
    throw bad(text)
  }

  private static func authority(_ rest: Substring, _ text: String) throws(TransportError) -> (String, Int?) {
    var rest = rest
    if rest.hasSuffix("/") { rest.removeLast() }
    var host = rest
    var tail = rest[rest.endIndex...]
    if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
      host = rest[rest.index(after: rest.startIndex)..<end]
      tail = rest[rest.index(after: end)...]
      guard host.contains(":"), host.allSatisfy({ $0.isHexDigit || $0 == ":" || $0 == "." }) else { throw bad(text) }
    } else {
      if let colon = rest.firstIndex(of: ":") {
        host = rest[..<colon]
        tail = rest[colon...]
      }
      let allowed = { (letter: Character) in
        letter.isASCII && (letter.isLetter || letter.isNumber || ".-".contains(letter))
      }
      guard !host.isEmpty, host.utf8.count <= 200, host.allSatisfy(allowed) else { throw bad(text) }
    }
    guard !tail.isEmpty else { return (String(host), nil) }
    guard tail.first == ":", let port = UInt16(tail.dropFirst()), port > 0 else { throw bad(text) }
    return (String(host), Int(port))
  }

  private static func bad(_ text: String) -> TransportError {
    TransportError(
      .badAddress, "\(text) is no relay address", advice: "write https://host:port, without a path")
  }

  /// Literal loopback addresses and `localhost`, which resolvers must keep local (RFC 6761).
  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }

  private enum CodingKeys: String, CodingKey {
    case origin
    case pin
  }

  /// Reads `origin` and `pin`, parsed like any other address.
  /// - Throws: ``TransportError`` or a decoding error.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let origin = try container.decode(String.self, forKey: .origin)
    try self.init(origin, pinText: container.decodeIfPresent(String.self, forKey: .pin))
  }

  /// Writes `origin` and `pin`.
  /// - Throws: what the encoder throws.
  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(origin, forKey: .origin)
    try container.encodeIfPresent(pin?.hex, forKey: .pin)
  }
}
