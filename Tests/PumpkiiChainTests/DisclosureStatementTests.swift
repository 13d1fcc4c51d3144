import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct DisclosureStatementTests {
  private func encoded(
    _ kind: DisclosureStatement.Kind, fields: [DisclosureStatement.Field], until: UInt64 = 9, to recipient: String = "a"
  ) throws -> [UInt8] {
    let account = try Account(10)
    return DisclosureStatement(
      kind: kind, account: try account.chain().id, client: account.first.client, number: 1, time: 5, until: until,
      recipient: recipient, purpose: .support, fields: fields
    ).encoded
  }

  @Test func aConsentNamesFieldsAndAnEndAndAWithdrawalNothing() throws {
    let consent = try DisclosureStatement(decoding: encoded(.consent, fields: [.telephone, .name, .name]))
    #expect(consent.fields == [.name, .telephone])
    #expect(throws: Never.self) { try DisclosureStatement(decoding: encoded(.withdrawal, fields: [], until: 5)) }
    #expect(throws: WireError(.unknownValue, "")) { try DisclosureStatement(decoding: encoded(.consent, fields: [])) }
    #expect(throws: WireError(.unknownValue, "")) {
      try DisclosureStatement(decoding: encoded(.consent, fields: [.name], until: 5))
    }
    #expect(throws: WireError(.unknownValue, "")) {
      try DisclosureStatement(decoding: encoded(.withdrawal, fields: [.name]))
    }
    #expect(throws: WireError(.overLimit, "")) {
      try DisclosureStatement(decoding: encoded(.consent, fields: [.name], to: ""))
    }
    #expect(throws: WireError(.unknownType, "")) {
      try DisclosureStatement(decoding: [0] + encoded(.consent, fields: [.name]).dropFirst())
    }
  }
}
