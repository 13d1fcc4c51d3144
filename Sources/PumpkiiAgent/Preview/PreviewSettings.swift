/// Where and how the local preview is shown; off where no address is named.
package struct PreviewSettings: Sendable, Equatable {
  /// A literal address or `localhost`; nil leaves the preview off.
  package var host: String?
  /// 0 lets the kernel choose.
  package var port: Int
  /// True where whoever runs the board wrote that others on the network may look.
  package var isLAN: Bool
  /// JPEGs a second at most.
  package var rate: Double
  /// What others on the network may call the board, in small letters: `camera.local`.
  package var names: Set<String> = []

  package init(host: String? = nil, port: Int = 0, isLAN: Bool = false, rate: Double = 10) {
    self.host = host
    self.port = port
    self.isLAN = isLAN
    self.rate = min(max(rate, 0.2), 60)
  }

  /// Reads `127.0.0.1:8080`, `[::1]:8080` or `localhost:8080`; nil for anything else, a name other than `localhost`
  /// among it.
  package init?(listen: String, isLAN: Bool = false, rate: Double = 10) {
    guard let (host, port) = Self.split(listen), let port else { return nil }
    guard host == "localhost" || Self.isLiteral(host) else { return nil }
    self.init(host: host, port: port, isLAN: isLAN, rate: rate)
  }

  /// True for an address that no other machine can reach.
  package var isLoopback: Bool { host.map(Self.isLoopback) ?? true }

  /// Refuses an address that others can reach, unless the configuration says that they may.
  /// - Throws: ``AgentError`` `configuration`.
  package func validate() throws(AgentError) {
    guard isLoopback || isLAN else {
      throw AgentError(
        .configuration, "preview.listen names \(host ?? ""), which other machines can reach",
        advice: "Use 127.0.0.1, or write preview.lan: true if they may look.")
    }
  }

  /// Host and port of `HOST:PORT` or `[HOST]:PORT`, the port nil where there is none.
  static func split(_ text: String) -> (host: String, port: Int?)? {
    var host = text[...]
    var port: Substring?
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { return nil }
      host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
      port = rest.isEmpty ? nil : rest.dropFirst()
    } else if let colon = text.firstIndex(of: ":") {
      host = text[..<colon]
      port = text[text.index(after: colon)...]
    }
    guard !host.isEmpty else { return nil }
    guard let port else { return (String(host), nil) }
    guard !port.isEmpty, port.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(port), number <= 65535 else {
      return nil
    }
    return (String(host), number)
  }

  static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "::1" { return true }
    return parts(host)?.first == 127
  }

  /// An address and no name: a name can be made to lead anywhere.
  static func isLiteral(_ host: String) -> Bool {
    if parts(host) != nil { return true }
    return host.contains(":") && host.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
  }

  /// A name as DNS has it, and no address.
  static func isName(_ name: String) -> Bool {
    !name.isEmpty && !isLiteral(name) && !name.hasPrefix(".") && !name.hasSuffix(".")
      && name.utf8.allSatisfy { byte in
        byte < 0x80 && (Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber)
          || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
      }
  }

  private static func parts(_ host: String) -> [UInt8]? {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    guard parts.count == 4, parts.allSatisfy({ $0 != nil }) else { return nil }
    return parts.compactMap { $0 }
  }
}
