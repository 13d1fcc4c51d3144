internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiVault
internal import PumpkiiWire

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
