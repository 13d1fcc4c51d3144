internal import PumpkiiTransport
internal import PumpkiiVault

/// Whether the relay answers, and is the one it should be. No login: a key made for this question signs nothing.
enum RelayCheck {
  static func findings(_ address: RelayAddress?) async -> [Finding] {
    guard let address else {
      return [Finding(.warning, "relay", "no relay is known yet", advice: "Pair the camera, or name one with --relay.")]
    }
    do throws(TransportError) {
      let connection = try RelayConnection(address: address, signer: .device(SigningIdentity()))
      do throws(TransportError) {
        _ = try await connection.get("/healthz", authenticated: false)
        await connection.shutdown()
      } catch {
        await connection.shutdown()
        throw error
      }
      return [Finding(.ok, "relay", "\(address.origin) answers")]
    } catch {
      return [
        Finding(
          .problem, "relay", error.detail, advice: error.advice ?? "Check the address, the network and the relay.")
      ]
    }
  }
}
