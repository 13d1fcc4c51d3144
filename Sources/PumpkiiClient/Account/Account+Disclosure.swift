internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

/// A consent that something of a person's is handed to somebody outside: to whom, what for, which fields, until when.
public struct Disclosure: Sendable, Codable, Equatable {
  /// What it is for; another use is denied.
  public enum Purpose: String, Sendable, Codable, CaseIterable {
    /// Keeping the account.
    case account
    /// Helping the person.
    case support
    /// Paying.
    case payment
    /// Making the service better.
    case improvement
    /// Keeping it safe.
    case security
  }

  /// What is handed out.
  public enum Field: String, Sendable, Codable, CaseIterable {
    /// The person's name.
    case name
    /// The email address.
    case email
    /// Where letters go.
    case mailingAddress = "mailing_address"
    /// The telephone number.
    case telephone
    /// The picture.
    case avatar
    /// A payment provider's token; never a card's number.
    case paymentToken = "payment_token"
  }

  /// Its number in this folder, from 1.
  public let number: UInt64
  /// Who receives it.
  public let recipient: String
  /// What for.
  public let purpose: Purpose
  /// What exactly.
  public let fields: [Field]
  /// Unix µs at which it was given.
  public let from: UInt64
  /// Unix µs, exclusive.
  public let until: UInt64
  /// Whether it was taken back.
  public internal(set) var isWithdrawn: Bool

  /// Whether it holds for a field at an instant, Unix µs.
  public func allows(_ field: Field, to recipient: String, at now: UInt64) -> Bool {
    !isWithdrawn && fields.contains(field) && self.recipient == recipient && from <= now && now < until
  }
}

// Consents to disclosure: signed by the account, kept in its folder, refused without the flag `disclose.consent` (E10).
extension Account {
  private static let flag = "disclose.consent"
  /// Consents and withdrawals of one folder.
  private static let limit = 1024

  /// The consents that this folder holds, those taken back included; every signature is verified anew.
  /// - Throws: ``ClientError``.
  public func disclosures() throws(ClientError) -> [Disclosure] {
    var list: [Disclosure] = []
    for statement in try statements() {
      switch statement.kind {
      case .consent: list.append(Disclosure(statement))
      case .withdrawal:
        for place in list.indices where list[place].number == statement.number { list[place].isWithdrawn = true }
      }
    }
    return list
  }

  /// Consents, and signs it. Nothing is handed out by it; it is what a later request is held against.
  /// - Throws: ``ClientError``: `client-usage` for a recipient, fields or an end that make no sense, `client-refused`
  ///   without the flag.
  public func consentToDisclosure(
    to recipient: String, purpose: Disclosure.Purpose, fields: [Disclosure.Field], for duration: Duration
  ) async throws(ClientError) -> Disclosure {
    guard !recipient.isEmpty, recipient.utf8.count <= DisclosureStatement.recipientLength, !fields.isEmpty,
      duration > .zero, duration.components.seconds <= 10 * 366 * 86_400
    else { throw ClientError(.usage, "a consent names a recipient, fields, and an end within ten years") }
    guard try await policy().allows(Self.flag) else {
      throw ClientError(
        .refused, "\(Self.flag) is denied, so nothing may be disclosed",
        advice: "allow it first: pumpkii account permissions \(Self.flag)=allow")
    }
    let number = (try statements().map(\.number).max() ?? 0) + 1
    let now = Clocks.unixMicroseconds()
    let statement = DisclosureStatement(
      kind: .consent, account: accountID, client: client, number: number, time: now,
      until: now + UInt64(duration.components.seconds) * 1_000_000 + 1, recipient: recipient, purpose: purpose.wire,
      fields: fields.map(\.wire))
    try keep(statement)
    return Disclosure(statement)
  }

  /// Takes a consent back; needs no flag.
  /// - Throws: ``ClientError`` `client-usage` when there is none of this number.
  public func withdrawDisclosure(_ number: UInt64) throws(ClientError) {
    guard let old = try statements().first(where: { $0.number == number }) else {
      throw ClientError(.usage, "there is no consent number \(number)")
    }
    let now = Clocks.unixMicroseconds()
    try keep(
      DisclosureStatement(
        kind: .withdrawal, account: accountID, client: client, number: number, time: now, until: now,
        recipient: old.recipient, purpose: old.purpose, fields: []))
  }

  private func keep(_ statement: DisclosureStatement) throws(ClientError) {
    var entries = try stored()
    guard entries.count < Self.limit else { throw ClientError(.home, "there are too many disclosures in this folder") }
    entries.append(identity.sign(statement, .statement).bytes)
    try files.write(EntryList.encode(entries), to: files.disclosures)
  }

  private func stored() throws(ClientError) -> [[UInt8]] {
    guard let bytes = try files.read(files.disclosures) else { return [] }
    return try ClientError.translating { try EntryList.decode(bytes) }
  }

  private func statements() throws(ClientError) -> [DisclosureStatement] {
    let (entries, chain) = (try stored(), chain)
    return try ClientError.translating {
      try entries.map { entry in
        let signed = try Signed<DisclosureStatement>(decoding: entry)
        guard signed.body.account == chain.id, let signer = chain.everClient(signed.body.client) else {
          throw ClientError(.altered, "a disclosure in this folder is not this account's")
        }
        try SignatureCheck.verify(signed.signature, label: .statement, body: signed.bodyBytes, key: signer.key)
        return signed.body
      }
    }
  }
}

extension Disclosure {
  init(_ statement: DisclosureStatement) {
    number = statement.number
    recipient = statement.recipient
    purpose = Purpose.allCases.first { $0.wire == statement.purpose } ?? .account
    fields = Field.allCases.filter { statement.fields.contains($0.wire) }
    from = statement.time
    until = statement.until
    isWithdrawn = false
  }
}

extension Disclosure.Purpose {
  var wire: DisclosureStatement.Purpose {
    switch self {
    case .account: .account
    case .support: .support
    case .payment: .payment
    case .improvement: .improvement
    case .security: .security
    }
  }
}

extension Disclosure.Field {
  var wire: DisclosureStatement.Field {
    switch self {
    case .name: .name
    case .email: .email
    case .mailingAddress: .mailingAddress
    case .telephone: .telephone
    case .avatar: .avatar
    case .paymentToken: .paymentToken
    }
  }
}
