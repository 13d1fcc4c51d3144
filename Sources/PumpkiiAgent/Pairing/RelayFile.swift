package import PumpkiiTransport
internal import PumpkiiWire

/// Where a paired device finds its relay: the origin on the first line, the pin on the second.
package struct RelayFile: Sendable {
  package static let name = "relay"
  package let address: RelayAddress

  package init(_ address: RelayAddress) { self.address = address }

  /// - Throws: ``AgentError`` `notPaired`.
  package init(_ bytes: [UInt8]) throws(AgentError) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    do throws(TransportError) {
      address = try RelayAddress(String(lines.first ?? ""), pinText: lines.count > 1 ? String(lines[1]) : nil)
    } catch {
      throw AgentError(
        .notPaired, "the agent's folder names no usable relay", advice: "Name it with --relay and --pin.")
    }
  }

  /// The relay that somebody names; without a pin the stored one of the same origin holds.
  /// - Throws: ``TransportError`` for an address that is none.
  package static func named(
    _ origin: String, pin: String?, stored: [UInt8]?
  ) throws(TransportError) -> RelayAddress {
    let address = try RelayAddress(origin, pinText: pin)
    guard address.pin == nil, let known = stored.flatMap({ try? RelayFile($0).address }),
      known.origin == address.origin
    else { return address }
    return known
  }

  package var bytes: [UInt8] { Array("\(address.origin)\n\(address.pin?.hex ?? "")\n".utf8) }
}
