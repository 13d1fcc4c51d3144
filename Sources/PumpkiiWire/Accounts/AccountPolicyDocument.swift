/// A person's own flags and the texts accepted with them, signed by a program of the account with the label `policy`.
///
/// A device's policy has the same label. Its body begins with a device id, this one with ``tag``, and each decoder
/// refuses the other's beginning: no bytes are both.
package struct AccountPolicyDocument: WireBody {
  package static let fieldName = "account policy"
  /// The first 16 bytes, which no device id may be.
  package static let tag = Array("account policy/1".utf8)
  /// What stands before the dot in the flags that are a person's own.
  package static let families: Set<String> = ["terms", "risk", "notify", "diagnostics", "disclose"]

  package typealias Setting = PolicyDocument.Setting

  /// One version of a text, by its hash: no later text can stand in for it.
  package struct Text: Sendable, Equatable {
    /// Which text.
    package enum Kind: UInt8, Sendable, CaseIterable {
      case terms = 1
      case risk = 2

      /// The flag that says the text is accepted.
      package var flag: String { self == .terms ? "terms.accepted" : "risk.acknowledged" }
    }

    package var kind: Kind
    package var version: UInt64
    /// SHA-256 of the text.
    package var hash: Digest

    package init(kind: Kind, version: UInt64, hash: Digest) {
      self.kind = kind
      self.version = version
      self.hash = hash
    }
  }

  package var account: AccountID
  /// Who signed.
  package var client: ClientID
  /// Monotonic; only a higher one is taken.
  package var version: UInt64
  /// Unix µs by the signer's clock.
  package var time: UInt64
  /// Ascending by name, each flag once; a flag that is absent is denied.
  package var settings: [Setting]
  /// Ascending by kind; exactly those whose flag is allowed.
  package var texts: [Text]

  package init(
    account: AccountID, client: ClientID, version: UInt64, time: UInt64, settings: [Setting], texts: [Text]
  ) {
    self.account = account
    self.client = client
    self.version = version
    self.time = time
    self.settings = settings.sorted { $0.flag < $1.flag }
    self.texts = texts.sorted { $0.kind.rawValue < $1.kind.rawValue }
  }

  /// Whether a flag is a person's own.
  package static func isOwn(_ flag: String) -> Bool {
    families.contains(String(flag.prefix { $0 != "." })) && flag.contains(".")
  }

  /// Whether the document allows a flag.
  package func allows(_ flag: String) -> Bool { settings.contains { $0.flag == flag && $0.allow } }

  package func text(_ kind: Text.Kind) -> Text? { texts.first { $0.kind == kind } }

  package func write(to writer: inout ByteWriter) {
    writer.write(Self.tag)
    writer.write(account)
    writer.write(client)
    writer.write(version)
    writer.write(time)
    writer.write(UInt16(settings.count))
    for setting in settings {
      writer.writeText(setting.flag)
      writer.write(setting.allow ? UInt8(1) : 0)
    }
    writer.write(UInt8(texts.count))
    for text in texts {
      writer.write(text.kind.rawValue)
      writer.write(text.version)
      writer.write(text.hash)
    }
  }

  /// - Throws: ``WireError``; `unknownType` without ``tag``, `unknownValue` for a flag that is not a person's own and
  ///   for a text whose flag says otherwise, `order` for what does not ascend.
  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.read(count: Self.tag.count, "tag") == Self.tag else {
      throw WireError(.unknownType, Self.fieldName)
    }
    account = try reader.read("account id")
    client = try reader.read("client id")
    version = try reader.read("policy version")
    guard version < WireLimits.policyVersions else { throw WireError(.overLimit, "policy version") }
    time = try reader.read("time")
    settings = try PolicyDocument.settings(&reader)
    guard settings.allSatisfy({ Self.isOwn($0.flag) }) else { throw WireError(.unknownValue, "flag") }
    texts = try Self.texts(&reader)
    for kind in Text.Kind.allCases where allows(kind.flag) != (text(kind) != nil) {
      throw WireError(.unknownValue, "text against flag")
    }
  }

  private static func texts(_ reader: inout ByteReader) throws(WireError) -> [Text] {
    let count = try Int(reader.read(UInt8.self, "texts"))
    var texts: [Text] = []
    for _ in 0..<count {
      let kind: Text.Kind = try reader.readCase("text")
      if let last = texts.last, last.kind.rawValue >= kind.rawValue { throw WireError(.order, "texts") }
      texts.append(Text(kind: kind, version: try reader.read("text version"), hash: try reader.read("text hash")))
    }
    return texts
  }
}
