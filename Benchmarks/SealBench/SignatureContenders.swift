internal import CPumpkiiOpenSSL
internal import Crypto
internal import PumpkiiSystem

/// Ed25519 over what an object signs: the label and a digest, 49 bytes.
@safe final class SignatureContenders {
  private let message = Array("pumpkii/1 object".utf8) + [0] + SystemRandom.bytes(32)
  private let key: Curve25519.Signing.PrivateKey
  private let publicKey: Curve25519.Signing.PublicKey
  private let signature: [UInt8]
  private let libcrypto: OpaquePointer

  init() throws {
    let seed = SystemRandom.bytes(32)
    key = try Curve25519.Signing.PrivateKey(rawRepresentation: seed)
    publicKey = key.publicKey
    signature = try Array(key.signature(for: message))
    // A benchmark without a key has nothing to measure.
    unsafe libcrypto = pumpkii_ed25519_new(seed)!
  }

  deinit { unsafe pumpkii_ed25519_free(libcrypto) }

  func sign(_ count: Int) throws -> Int {
    for _ in 0..<count { _ = try key.signature(for: message) }
    return count
  }

  func verify(_ count: Int) -> Int {
    (0..<count).reduce(0) { good, _ in publicKey.isValidSignature(signature, for: message) ? good + 1 : good }
  }

  func signByLibcrypto(_ count: Int) -> Int {
    var made = [UInt8](repeating: 0, count: 64)
    return (0..<count).reduce(0) { good, _ in
      unsafe good + Int(pumpkii_ed25519_sign(libcrypto, message, message.count, &made))
    }
  }

  func verifyByLibcrypto(_ count: Int) -> Int {
    (0..<count).reduce(0) { good, _ in
      unsafe good + Int(pumpkii_ed25519_verify(libcrypto, message, message.count, signature))
    }
  }
}
