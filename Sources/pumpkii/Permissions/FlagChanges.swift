internal import ArgumentParser
internal import PumpkiiClient

/// `flag=allow` and `flag=deny`, as they are typed.
struct FlagChanges {
  let flags: [String: Bool]

  /// - Throws: `ValidationError` that says what is wrong.
  init(_ words: [String]) throws {
    var flags: [String: Bool] = [:]
    for word in words {
      let parts = word.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let value = ["allow": true, "deny": false][String(parts[1])] else {
        throw ValidationError("\(word) is not FLAG=allow or FLAG=deny")
      }
      let flag = try Self.flag(String(parts[0]))
      guard flags.updateValue(value, forKey: flag) == nil else { throw ValidationError("\(flag) is named twice") }
    }
    self.flags = flags
  }

  /// A flag that exists.
  /// - Throws: `ValidationError` with the one that was likely meant.
  static func flag(_ name: String) throws -> String {
    guard CameraLink.permissionFlags.contains(name) else {
      throw unknown(name, among: CameraLink.permissionFlags, "flag")
    }
    return name
  }

  /// What a mistyped flag is told.
  static func unknown(_ name: String, among known: [String], _ what: String) -> ValidationError {
    let meant = Spelling.nearest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
    return ValidationError("there is no \(what) \"\(name)\".\(meant) All of them: pumpkii policy clauses")
  }
}
