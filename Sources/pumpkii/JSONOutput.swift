internal import FoundationEssentials
internal import PumpkiiClient

/// A command's result for programs: one line of JSON on standard output, keys in snake_case and in
/// alphabetical order.
enum JSONOutput {
  static func line(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    Output.line(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

/// What a camera's answer looks like in JSON.
struct ConfirmationFields: Encodable {
  let status: String
  var epoch: UInt32?
  var rosterVersion: UInt64?

  init(_ confirmation: Confirmation) {
    switch confirmation {
    case .confirmed(let epoch, let version):
      status = "confirmed"
      self.epoch = epoch
      rosterVersion = version
    case .pending: status = "pending"
    }
  }

  enum CodingKeys: String, CodingKey {
    case status, epoch
    case rosterVersion = "roster_version"
  }
}
