internal import PumpkiiPolicy
internal import PumpkiiSystem

/// The zone database of this machine, one TZif file (RFC 9636) a zone: whether a camera is likely to know a zone's
/// name.
package struct ZoneBook: Sendable {
  private static let limit = 1 << 20
  private let folder: String

  package init(folder: String = "/usr/share/zoneinfo") { self.folder = folder }

  /// Whether this machine has any zones; a small container has none.
  package var isThere: Bool { DurableFile.exists(folder) }

  /// Whether a zone is called so, in exactly these letters.
  package func has(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = name.utf8.allSatisfy { UInt8(ascii: "+")...UInt8(ascii: "z") ~= $0 }
    guard isPlain, parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }),
      let bytes = try? DurableFile.read("\(folder)/\(name)", limit: Self.limit)
    else { return false }
    return ZoneRules(name: name, bytes: bytes) != nil
  }
}
