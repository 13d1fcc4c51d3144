internal import PumpkiiVault

extension RelayConnection {
  /// One request of nobody in particular: whether a relay answers at the address, and proves that it is the one.
  /// - Throws: ``TransportError``.
  package static func check(_ address: RelayAddress) async throws(TransportError) {
    let connection = try RelayConnection(address: address, signer: .device(SigningIdentity()))
    do throws(TransportError) {
      _ = try await connection.get("/healthz", authenticated: false)
    } catch {
      await connection.shutdown()
      throw error
    }
    await connection.shutdown()
  }
}
