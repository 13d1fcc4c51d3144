package import PumpkiiWire

/// The proof of a key to one relay.
package enum LoginCheck {
  /// Verifies a signed ``LoginStatement``: made by `key`, for one of the names this relay goes by, over its challenge.
  /// - Throws: ``ChainError``: `malformed`, `wrongKey`, `wrongRelay`, `wrongChallenge` or a signature's code.
  package static func verify(
    _ statement: [UInt8], key: SigningKey, relay: [LoginStatement.Relay], challenge: Challenge
  ) throws(ChainError) {
    let signed = try Decoding.signed(LoginStatement.self, statement)
    guard signed.body.keyID == KeyID(signing: key) else { throw ChainError(.wrongKey, "login") }
    guard relay.contains(signed.body.relay) else { throw ChainError(.wrongRelay, "login") }
    guard signed.body.challenge == challenge else { throw ChainError(.wrongChallenge, "login") }
    try SignatureCheck.verify(signed.signature, label: .login, body: signed.bodyBytes, key: key)
  }
}
