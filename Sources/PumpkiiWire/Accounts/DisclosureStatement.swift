/// A person's consent that fields of theirs are handed to somebody outside, or its withdrawal; signed by a program of
/// the account with the label `statement`. Only a consent opens the way, and only for what it names.
package struct DisclosureStatement: WireBody {
  package static let fieldName = "disclosure"
  /// The first 16 bytes, which tell it from other statements.
  package static let tag = Array("disclose consent".utf8)
  /// The longest name of a recipient, in bytes.
  package static let recipientLength = 200

  /// Whether it gives or takes back.
  package enum Kind: UInt8, Sendable, CaseIterable {
    case consent = 1
    /// Ends the consent of the same number.
    case withdrawal = 2
  }

  /// The closed list of what a consent may be for.
  package enum Purpose: UInt8, Sendable, CaseIterable {
    case account = 1
    case support = 2
    case payment = 3
    case improvement = 4
    case security = 5
  }

  /// What of a person it may name.
  package enum Field: UInt8, Sendable, CaseIterable {
    case name = 1
    case email = 2
    case mailingAddress = 3
    case telephone = 4
    case avatar = 5
    /// A provider's token; never a card's number.
    case paymentToken = 6
  }

  package var kind: Kind
  package var account: AccountID
  /// Who signed.
  package var client: ClientID
  /// Of the consent, from 1.
  package var number: UInt64
  /// Unix µs by the signer's clock.
  package var time: UInt64
  /// Unix µs, exclusive; a consent without an end does not exist.
  package var until: UInt64
  /// A name for people, 1 to ``recipientLength`` bytes.
  package var recipient: String
  package var purpose: Purpose
  /// Ascending; empty in a withdrawal.
  package var fields: [Field]

  package init(
    kind: Kind, account: AccountID, client: ClientID, number: UInt64, time: UInt64, until: UInt64, recipient: String,
    purpose: Purpose, fields: [Field]
  ) {
    self.kind = kind
    self.account = account
    self.client = client
    self.number = number
    self.time = time
    self.until = until
    self.recipient = recipient
    self.purpose = purpose
    self.fields = Set(fields).sorted { $0.rawValue < $1.rawValue }
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(Self.tag)
    writer.write(kind.rawValue)
    writer.write(account)
    writer.write(client)
    writer.write(number)
    writer.write(time)
    writer.write(until)
    writer.writeText(recipient)
    writer.write(purpose.rawValue)
    writer.write(UInt8(clamping: fields.count))
    for field in fields { writer.write(field.rawValue) }
  }

  /// - Throws: ``WireError``; `unknownType` without ``tag``, `unknownValue` for what nobody knows, for a consent to
  ///   nothing or without an end, and for a withdrawal of single fields.
  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.read(count: Self.tag.count, "tag") == Self.tag else {
      throw WireError(.unknownType, Self.fieldName)
    }
    kind = try reader.readCase("kind")
    account = try reader.read("account id")
    client = try reader.read("client id")
    number = try reader.read("number")
    time = try reader.read("time")
    until = try reader.read("until")
    recipient = try reader.readText("recipient")
    guard !recipient.isEmpty, recipient.utf8.count <= Self.recipientLength else {
      throw WireError(.overLimit, "recipient")
    }
    purpose = try reader.readCase("purpose")
    fields = []
    let count: UInt8 = try reader.read("fields")
    for _ in 0..<count {
      let field: Field = try reader.readCase("field")
      if let last = fields.last, last.rawValue >= field.rawValue { throw WireError(.order, "fields") }
      fields.append(field)
    }
    // A consent names what for and until when; a withdrawal takes all of it.
    guard fields.isEmpty == (kind == .withdrawal), kind == .withdrawal || until > time else {
      throw WireError(.unknownValue, "fields against kind")
    }
  }
}
