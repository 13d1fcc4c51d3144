package import PumpkiiPolicy
internal import PumpkiiSystem

/// The zone database of this machine: one TZif file (RFC 9636) a zone.
package enum ZoneDirectory {
  private static let folder = "/usr/share/zoneinfo"
  private static let limit = 1 << 20

  /// The rules of a zone; nil for a name that is none, or that this machine does not have.
  package static func rules(named name: String) -> ZoneRules? {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    guard !name.isEmpty, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else { return nil }
    let isPlain = name.unicodeScalars.allSatisfy {
      $0.isASCII && ($0.properties.isAlphabetic || "0123456789/_+-".unicodeScalars.contains($0))
    }
    guard isPlain, let bytes = try? DurableFile.read("\(folder)/\(name)", limit: limit) else { return nil }
    return ZoneRules(name: name, bytes: bytes)
  }
}
