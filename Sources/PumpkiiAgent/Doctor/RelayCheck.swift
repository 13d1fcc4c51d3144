internal import PumpkiiTransport

/// Whether the relay answers, and is the one it should be. No login: a key made for this question signs nothing.
enum RelayCheck {
  static func findings(_ address: RelayAddress?) async -> [Finding] {
    guard let address else {
      return [Finding(.warning, "relay", "no relay is known yet", advice: "Pair the camera, or name one with --relay.")]
    }
    do throws(TransportError) {
      try await RelayConnection.check(address)
      return [Finding(.ok, "relay", "\(address.origin) answers")]
    } catch {
      return [
        Finding(
          .problem, "relay", error.detail, advice: error.advice ?? "Check the address, the network and the relay.")
      ]
    }
  }
}
