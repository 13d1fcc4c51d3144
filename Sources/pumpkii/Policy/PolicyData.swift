internal import ArgumentParser
internal import PumpkiiPolicy

/// Every field that is stored or sent.
struct PolicyData: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "Print every field that is stored or sent: what for, where, how long, and who receives it.",
    discussion: "Example: pumpkii policy data --markdown > docs/data.md")

  @ArgumentParser.Flag(help: "Print JSON.")
  var json = false

  @ArgumentParser.Flag(help: "Print the page docs/data.md.")
  var markdown = false

  func validate() throws {
    if json, markdown { throw ValidationError("Give one of --json and --markdown.") }
  }

  func run() async throws {
    try await Program.run {
      if json { return try JSONOutput.line(Inventory.fields.map(DataFields.init)) }
      if markdown { return Output.text(PolicyPages.data) }
      for field in Inventory.fields {
        Output.line("\(field.holder.rawValue): \(field.name) (\(field.place))")
        Output.line("  \(field.contents)")
        Output.line("  for \(field.purpose.rawValue), by \(field.basisName); kept \(field.retention)")
        Output.line("  received by: \(field.receivers)")
      }
    }
  }
}

/// What a field looks like in JSON.
private struct DataFields: Encodable {
  let name: String
  let holder: String
  let place: String
  let contents: String
  let purpose: String
  let retention: String
  let receivers: String
  let basis: String

  init(_ field: Inventory.Field) {
    name = field.name
    holder = field.holder.rawValue
    place = field.place
    contents = field.contents
    purpose = field.purpose.rawValue
    retention = field.retention
    receivers = field.receivers
    basis = field.basisName
  }
}
