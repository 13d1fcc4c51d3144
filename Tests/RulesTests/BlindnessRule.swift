import Foundation

/// The relay is blind: its program links no libcrypto and contains nothing of the vault. Reads what `readelf -d` and `nm`
/// print about a program.
enum BlindnessRule {
  /// Libraries a blind program must not load.
  static let libraries = ["libcrypto", "libssl"]
  /// Modules a blind program must not contain.
  static let modules = ["PumpkiiVault", "CPumpkiiOpenSSL", "PumpkiiTransport", "PumpkiiClient", "PumpkiiAgent"]

  /// Forbidden libraries among the NEEDED entries of `readelf -d`.
  static func libraries(in dynamicSection: String) -> [String] {
    dynamicSection.split(separator: "\n").filter { line in
      line.contains("(NEEDED)") && libraries.contains { line.contains("[\($0)") }
    }.map(String.init)
  }

  /// Symbols of `nm` that stem from a forbidden module (Swift writes a module's length before its name) or are one of the
  /// C functions `cFunctions`.
  static func symbols(in table: String, cFunctions: Set<String>) -> [String] {
    let mangled = modules.map { "\($0.utf8.count)\($0)" }
    return table.split(separator: "\n").compactMap { line in
      guard let name = line.split(separator: " ").last.map(String.init) else { return nil }
      let isForbidden = cFunctions.contains(name) || mangled.contains { name.contains($0) }
      return isForbidden ? name : nil
    }
  }

  /// The functions that a C header declares.
  static func functions(in header: [String]) -> Set<String> {
    let form = /\b([a-z][A-Za-z0-9_]*)\s*\(/
    let declarations = header.filter { !$0.hasPrefix("#") && !$0.trimmingCharacters(in: .whitespaces).hasPrefix("/") }
    return Set(declarations.flatMap { line in line.matches(of: form).map { String($0.output.1) } })
  }

  /// What a tool prints about a program.
  /// - Throws: when the tool is not installed or fails.
  static func output(of tool: String, _ arguments: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [tool] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw ToolFailure(tool: tool, status: process.terminationStatus) }
    return String(decoding: data, as: UTF8.self)
  }

  struct ToolFailure: Error { var tool: String, status: Int32 }
}
