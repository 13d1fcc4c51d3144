internal import Crypto
package import PumpkiiWire

/// Ed25519 (RFC 8032) over `"pumpkii/1 " label 0x00 body`, stricter than the library: what two implementations could
/// judge differently is refused here by name, before the library is asked.
package enum SignatureCheck {
  /// Verifies `signature` over the exact bytes of `body`.
  /// - Throws: ``ChainError`` `smallOrderKey`, `bigScalar` or `badSignature`.
  package static func verify(
    _ signature: PumpkiiWire.Signature, label: SignatureLabel, body: [UInt8], key: SigningKey
  ) throws(ChainError) {
    try check(key, label.rawValue)
    guard isBelowOrder(signature.bytes.suffix(32)) else { throw ChainError(.bigScalar, label.rawValue) }
    guard isValid(signature.bytes, message: label.message(body), key: key.bytes) else {
      throw ChainError(.badSignature, label.rawValue)
    }
  }

  /// Refuses a key for which a signature proves nothing; also asked before a key enters a chain.
  /// - Throws: ``ChainError`` `smallOrderKey`.
  package static func check(_ key: SigningKey, _ what: String) throws(ChainError) {
    guard !isWeak(key.bytes) else { throw ChainError(.smallOrderKey, what) }
  }

  /// What the library says of a bare Ed25519 signature, without a label and without the refusals above. For vectors;
  /// programs ask ``verify(_:label:body:key:)``.
  package static func isValid(_ signature: [UInt8], message: [UInt8], key: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return false }
    return key.isValidSignature(signature, for: message)
  }

  /// The y coordinates of the eight points of small order, little endian, the sign bit taken off. With both signs
  /// they are all the canonical encodings of such points; y = 0 and y = ±1 with the other sign name them as well.
  private static let smallOrder: [[UInt8]] = [
    // y = 0, of order 4
    [UInt8](repeating: 0, count: 32),
    // y = 1, the neutral point
    [1] + [UInt8](repeating: 0, count: 31),
    // y = −1, of order 2
    [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f],
    // the two y of order 8
    [
      0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0,
      0xd5, 0xdf, 0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
      0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
      0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
  ]

  /// p = 2^255 − 19, little endian. A y of p or more is the second name of a small y, among them 0 and 1.
  private static let field: [UInt8] = [0xed] + [UInt8](repeating: 0xff, count: 30) + [0x7f]

  /// L = 2^252 + 27742317777372353535851937790883648493, little endian.
  private static let order: [UInt8] =
    [
      0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    ] + [UInt8](repeating: 0, count: 15) + [0x10]

  private static func isWeak(_ key: [UInt8]) -> Bool {
    var y = key
    y[31] &= 0x7f
    return smallOrder.contains(y) || !isBelow(y, field)
  }

  private static func isBelowOrder(_ scalar: ArraySlice<UInt8>) -> Bool { isBelow(Array(scalar), order) }

  /// Little-endian comparison of two public values; its time tells nothing secret.
  private static func isBelow(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    left.reversed().lexicographicallyPrecedes(right.reversed())
  }
}
