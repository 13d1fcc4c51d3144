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
