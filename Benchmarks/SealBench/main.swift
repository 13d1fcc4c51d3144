// pumpkii-bench: what sealing costs. `pumpkii-bench seal [--json FILE] [--rounds N]`; `ledger PATH` is for the tests.
internal import PumpkiiSystem

let arguments = Array(CommandLine.arguments.dropFirst())

func value(after flag: String) -> String? {
  arguments.firstIndex(of: flag).flatMap { $0 + 1 < arguments.count ? arguments[$0 + 1] : nil }
}

switch arguments.first {
case "seal":
  let report = try SealReport.run(rounds: value(after: "--rounds").flatMap { Int($0) } ?? 60)
  print(report.table)
  if let path = value(after: "--json") { try DurableFile.write(Array(report.json.utf8), to: path, mode: 0o644) }
case "ledger" where arguments.count == 2:
  try LedgerProbe.run(path: arguments[1])
default:
  print("pumpkii-bench seal [--json FILE] [--rounds N]")
}
