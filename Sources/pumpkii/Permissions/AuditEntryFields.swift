internal import PumpkiiAgent
internal import PumpkiiWire

/// A ledger entry as JSON. Times are Unix µs.
struct AuditEntryFields: Encodable {
  struct Denials: Encodable {
    let flag: String
    let point: String
    let layer: String
    let count: UInt64
  }

  let number: UInt64
  let time: UInt64
  let what: String
  let text: String
  var account: String?
  var client: String?
  var origin: String?
  var flags: [String: Bool]?
  var policyVersion: UInt64?
  var policyHash: String?
  var textVersion: String?
  var textHash: String?
  var denials: [Denials]?

  init(_ entry: AuditEntry, _ person: AuditPerson?) {
    number = entry.number
    time = entry.time
    what = AuditWords.name(entry.record)
    text = AuditWords.sentence(entry.record, person: person)
    account = person?.account.hex
    client = person?.client.hex
    switch entry.record {
    case .consent(let consent):
      origin = "\(consent.origin)"
      flags = Dictionary(consent.settings.map { ($0.flag, $0.allow) }) { $1 }
      policyVersion = consent.policyVersion
      policyHash = consent.policyHash.hex
      textVersion = consent.text.version
      textHash = consent.text.hash.hex
    case .denials(_, let rows):
      denials = rows.map { Denials(flag: $0.flag, point: $0.point, layer: $0.layer, count: $0.count) }
    default: break
    }
  }

  enum CodingKeys: String, CodingKey {
    case number, time, what, text, account, client, origin, flags, denials
    case policyVersion = "policy_version"
    case policyHash = "policy_hash"
    case textVersion = "text_version"
    case textHash = "text_hash"
  }
}
