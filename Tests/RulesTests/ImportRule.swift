/// Imports run only downward, and Foundation stays outside.
enum ImportRule {
  /// Every room's rank; a room imports only rooms of a lower rank. A new room gets its line here.
  static let ranks: [String: Int] = [
    // `Sources/System` holds the module maps of system libraries.
    "System": 0, "CLibCrypto": 0, "CLibTurboJPEG": 0, "CLibYUV": 0, "CLibOpenH264": 0, "CLibOpus": 0, "CLibSpeexDSP": 0,
    "CLibQREncode": 0, "CLibTimex": 0, "CLibGPIO": 0, "CLibEvdev": 0, "CLibSpawn": 0,
    "CPumpkiiOpenSSL": 0, "CPumpkiiCodecs": 0, "CPumpkiiQR": 0, "CPumpkiiV4L2": 0, "CPumpkiiALSA": 0,
    "PumpkiiPolicy": 1, "PumpkiiWire": 1, "PumpkiiCapture": 1, "PumpkiiSystem": 1, "PumpkiiDocument": 1,
    "PumpkiiChain": 2, "PumpkiiMedia": 2, "PumpkiiV4L2": 2, "PumpkiiALSA": 2, "PumpkiiService": 2,
    "PumpkiiVault": 3,
    "PumpkiiTransport": 4, "PumpkiiRelay": 4,
    "PumpkiiClient": 5,
    "PumpkiiAgent": 6,
    "PumpkiiSimulation": 7, "PumpkiiDemo": 7,
    "pumpkii": 8, "pumpkii-relay": 8, "pumpkii-bench": 8, "pumpkii-revoke": 8,
  ]

  /// The blind rooms see no key and no device: these of ours, and nothing else.
  static let only: [String: Set<String>] = [
    "PumpkiiRelay": ["PumpkiiWire", "PumpkiiChain", "PumpkiiService", "PumpkiiSystem", "PumpkiiDocument"],
    "pumpkii-relay": ["PumpkiiRelay", "PumpkiiWire", "PumpkiiChain", "PumpkiiSystem", "PumpkiiDocument"],
    "PumpkiiPolicy": [],
  ]

  /// Who may touch libcrypto: the vault, and the benchmark that measures it.
  static let keepers: [String: Set<String>] = [
    "CLibCrypto": ["PumpkiiVault", "pumpkii-bench"], "CPumpkiiOpenSSL": ["PumpkiiVault", "pumpkii-bench"],
  ]

  /// Rooms without even FoundationEssentials.
  static let bare: Set<String> = ["PumpkiiPolicy", "PumpkiiCapture", "PumpkiiWire"]

  /// Sentences about the imports of one file of `room`.
  static func violations(in code: [String], room: String) -> [String] {
    guard let rank = ranks[room] else { return ["the room \(room) has no rank"] }
    var result: [String] = []
    for (number, line) in code.enumerated() {
      for found in imports(in: line) {
        if let problem = problem(found, room: room, rank: rank) { result.append("line \(number + 1): \(problem)") }
      }
    }
    return result
  }

  /// Attributes and module of each import on a line, whatever access level stands before it.
  static func imports(in code: String) -> [(attributes: String, module: String)] {
    guard code.contains("import") else { return [] }
    let kinds = "typealias|struct|class|enum|protocol|let|var|func"
    return code.split(separator: ";").compactMap { statement in
      let form = try? Regex(
        #"^\s*((?:@\w+(?:\([^)]*\))?\s+)*)(?:(?:public|package|internal|fileprivate|private)\s+)?"#
          + #"import\s+(?:(?:\#(kinds))\s+)?(\w+)"#)
      guard let form, let match = statement.firstMatch(of: form) else { return nil }
      return (String(match.output[1].substring ?? ""), String(match.output[2].substring ?? ""))
    }
  }

  private static func problem(_ found: (attributes: String, module: String), room: String, rank: Int) -> String? {
    let module = found.module
    if found.attributes.contains("@testable") {
      return "@testable import \(module); tests reach inside by package access"
    }
    if module == "Foundation" { return "import Foundation; FoundationEssentials where it must be" }
    if module == "FoundationEssentials", bare.contains(room) { return "\(room) imports no FoundationEssentials" }
    guard let other = ranks[module] else { return module.contains("Pumpkii") ? "\(module) has no rank" : nil }
    if other >= rank { return "\(room) (\(rank)) imports \(module) (\(other)); imports run only downward" }
    if let keepers = keepers[module], !keepers.contains(room) { return "\(room) may not import \(module)" }
    if let only = only[room], !only.contains(module) { return "\(room) may not import \(module)" }
    return nil
  }
}
