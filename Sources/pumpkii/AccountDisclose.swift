internal import ArgumentParser
internal import FoundationEssentials
internal import PumpkiiClient
internal import PumpkiiWire

/// Consents to disclosure.
struct AccountDisclose: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "disclose",
    abstract: "Consent to hand something of yours to somebody outside, take it back, or list the consents.",
    discussion: """
      Example: pumpkii account disclose
               pumpkii account disclose --to "Repair shop" --purpose support --fields name,telephone --days 14
               pumpkii account disclose --withdraw 1
      Refused unless disclose.consent is allowed. A consent is signed, ends by itself, and hands out nothing yet.
      """)

  @Option(name: .customLong("to"), help: "Who receives it.")
  var recipient: String?

  @Option(help: "What for: account, support, payment, improvement or security.")
  var purpose: String?

  @Option(help: "name, email, mailing_address, telephone, avatar, payment_token, with commas between.")
  var fields: String?

  @Option(help: "Days until it ends.")
  var days: Int?

  @Option(help: "The number of a consent to take back.")
  var withdraw: UInt64?

  @OptionGroup var options: HomeOption

  @Flag(help: "Print JSON.")
  var json = false

  private struct Wanted {
    let recipient: String
    let purpose: Disclosure.Purpose
    let fields: [Disclosure.Field]
    let days: Int
  }

  func validate() throws { if OptionNames.areKnown(to: Self.self) { _ = try wanted() } }

  private func wanted() throws -> Wanted? {
    let given: [Bool] = [recipient != nil, purpose != nil, fields != nil, days != nil]
    guard given.contains(true) else { return nil }
    guard let recipient, let purpose, let fields, let days, withdraw == nil else {
      throw ValidationError("a consent needs --to, --purpose, --fields and --days")
    }
    guard let purpose = Disclosure.Purpose(rawValue: purpose) else {
      let known = Disclosure.Purpose.allCases.map(\.rawValue).joined(separator: ", ")
      throw ValidationError("there is no purpose \(purpose); the purposes are \(known)")
    }
    let parsed = try fields.split(separator: ",").map { name in
      guard let field = Disclosure.Field(rawValue: String(name)) else {
        let known = Disclosure.Field.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("there is no field \(name); the fields are \(known)")
      }
      return field
    }
    guard !parsed.isEmpty, (1...3650).contains(days) else {
      throw ValidationError("name at least one field, and 1 to 3650 days")
    }
    return Wanted(recipient: recipient, purpose: purpose, fields: parsed, days: days)
  }

  func run() async throws {
    try await Program.run {
      let (wanted, withdraw, json) = (try wanted(), withdraw, json)
      try await options.withAccount(.policy) { account in
        if let wanted {
          _ = try await account.consentToDisclosure(
            to: wanted.recipient, purpose: wanted.purpose, fields: wanted.fields, for: .seconds(wanted.days * 86_400))
        }
        if let withdraw { try account.withdrawDisclosure(withdraw) }
        try Self.show(try account.disclosures(), json)
      }
    }
  }

  private static func show(_ list: [Disclosure], _ json: Bool) throws {
    if json { return try JSONOutput.line(list) }
    if list.isEmpty { Output.line("Nothing may be handed to anybody.") }
    for item in list {
      let until = Date(timeIntervalSince1970: Double(item.until) / 1e6).formatted(.iso8601)
      let fields = item.fields.map(\.rawValue).joined(separator: ",")
      Output.line(
        "\(item.number)  \(item.isWithdrawn ? "withdrawn" : "until \(until)")  \(fields)  "
          + "for \(item.purpose.rawValue) to \(item.recipient)")
    }
  }
}
