internal import PumpkiiChain
package import PumpkiiWire

/// What a pairing QR code says: where the relay is, how to know it, the secret, and which device key to expect.
/// `pumpkii:pair?r=ORIGIN&p=PIN&s=CODE&d=SHA-256(D)`; `p` only where the relay has a pin.
package struct PairingLink: Sendable {
  private static let scheme = "pumpkii:pair?"

  /// `https://host:port`.
  package let origin: String
  /// SHA-256 of the relay's certificate.
  package let pin: Digest?
  /// What the device showed.
  package let secret: PairingSecret
  /// SHA-256 of the device key.
  package let deviceKeyDigest: Digest

  /// A link for the device with this key.
  package init(origin: String, pin: Digest?, secret: PairingSecret, deviceKey: SigningKey) {
    self.origin = origin
    self.pin = pin
    self.secret = secret
    deviceKeyDigest = Hashes.sha256(deviceKey.bytes)
  }

  /// Reads a link as scanned or pasted. Unknown keys are refused: a link says all it has to say.
  /// - Throws: ``VaultError`` `badCode`.
  package init(_ text: String) throws(VaultError) {
    guard text.hasPrefix(Self.scheme), text.utf8.count <= 1024 else { throw VaultError(.badCode, "no pairing link") }
    var fields: [Substring: String] = [:]
    for part in text.dropFirst(Self.scheme.count).split(separator: "&", omittingEmptySubsequences: false) {
      let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, ["r", "p", "s", "d"].contains(pair[0]), fields[pair[0]] == nil,
        let value = Self.decoded(pair[1])
      else { throw VaultError(.badCode, "pairing link") }
      fields[pair[0]] = value
    }
    guard let origin = fields["r"], !origin.isEmpty, let code = fields["s"], let device = fields["d"] else {
      throw VaultError(.badCode, "pairing link is not whole")
    }
    self.origin = origin
    secret = try PairingSecret(code: code)
    do throws(WireError) {
      pin = if let text = fields["p"] { try Digest(hex: text) } else { nil }
      deviceKeyDigest = try Digest(hex: device)
    } catch { throw VaultError(.badCode, "pairing link: \(error)") }
  }

  /// The link, for a QR code. Secret until it is used.
  package var text: String {
    var parts = ["r=\(Self.encoded(origin))"]
    if let pin { parts.append("p=\(pin.hex)") }
    parts += ["s=\(Self.encoded(secret.code))", "d=\(deviceKeyDigest.hex)"]
    return Self.scheme + parts.joined(separator: "&")
  }

  /// Refuses a device key that is not the one the link names.
  /// - Throws: ``VaultError`` `wrongDevice`.
  package func check(deviceKey: SigningKey) throws(VaultError) {
    guard Hashes.sha256(deviceKey.bytes) == deviceKeyDigest else { throw VaultError(.wrongDevice, "pairing offer") }
  }

  /// What needs no percent sign in a query (RFC 3986 §3.4), less `&`, `=`, `+` and `%`.
  private static let plain = Set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/@!$'()*,;?".utf8)

  private static func encoded(_ text: String) -> String {
    text.utf8.map { plain.contains($0) ? String(UnicodeScalar($0)) : "%" + Hex.encode([$0]).uppercased() }.joined()
  }

  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      let digits = String(Substring(rest.prefix(2)))
      guard let value = try? Hex.decode(digits), value.count == 1 else { return nil }
      bytes.append(value[0])
      rest = rest.dropFirst(2)
    }
    return String(validating: bytes, as: UTF8.self)
  }
}
