internal import PumpkiiSystem
package import PumpkiiWire

/// The closed list of what a report may say of a machine.
package struct DiagnosticsEnvironment: Sendable, Equatable {
  /// Texts by field; a field that nothing is known of is left out.
  package let fields: [Diagnostics.Field: String]

  /// An environment; signs that a field does not have become hyphens.
  package init(_ texts: [Diagnostics.Field: String]) {
    var fields: [Diagnostics.Field: String] = [:]
    for (field, text) in texts {
      let fitting = text.prefix(Diagnostics.textLength).map { Diagnostics.isFitting(String($0), field) ? $0 : "-" }
      if !fitting.isEmpty { fields[field] = String(fitting) }
    }
    self.fields = fields
  }

  /// This machine: the language that its environment names, the board's model, the kernel's release.
  package static func current(_ environment: [String: String]) -> DiagnosticsEnvironment {
    var texts: [Diagnostics.Field: String] = [:]
    let language = environment["LC_ALL"] ?? environment["LANG"] ?? ""
    texts[.language] = String(language.prefix { $0 != "." && $0 != "@" }).replacing("_", with: "-")
    let models = ["/proc/device-tree/model", "/sys/class/dmi/id/product_name"]
    texts[.deviceType] = models.lazy.compactMap { line($0) }.first
    texts[.osVersion] = line("/proc/sys/kernel/osrelease")
    return DiagnosticsEnvironment(texts)
  }

  private static func line(_ path: String) -> String? {
    guard let bytes = try? DurableFile.read(path, limit: 4096) else { return nil }
    let text = String(decoding: bytes.prefix { $0 != 0 && $0 != 0x0A }, as: UTF8.self)
    return text.isEmpty ? nil : text
  }
}
