import Crypto
import PumpkiiChain
import PumpkiiWire
import Testing

@Suite struct SignatureCheckTests {
  let person: Person
  let body = Array("a body".utf8)
  let signature: PumpkiiWire.Signature

  init() throws {
    person = try Person(3)
    signature = try person.sign(.roster, body)
  }

  private func verify(_ signature: [UInt8], label: SignatureLabel = .roster, body: [UInt8]? = nil) throws {
    try SignatureCheck.verify(PumpkiiWire.Signature(signature), label: label, body: body ?? self.body, key: person.key)
  }

  @Test func whatWasSignedVerifiesUnderItsLabelOnly() throws {
    for label in SignatureLabel.allCases where label != .roster {
      #expect(throws: ChainError(.badSignature, "")) { try verify(signature.bytes, label: label) }
    }
    try verify(signature.bytes)
  }

  @Test func anyFlippedBitIsRefused() throws {
    for bit in 0..<512 {
      var flipped = signature.bytes
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: ChainError.self) { try verify(flipped) }
    }
    for bit in 0..<body.count * 8 {
      var flipped = body
      flipped[bit / 8] ^= 1 << (bit % 8)
      #expect(throws: ChainError(.badSignature, "")) { try verify(signature.bytes, body: flipped) }
    }
  }

  @Test func aScalarOfTheGroupOrderOrMoreIsRefusedByName() throws {
    let order = try Hex.decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
    var carry = 0
    var sum = signature.bytes
    for place in 0..<32 {
      carry += Int(sum[32 + place]) + Int(order[place])
      sum[32 + place] = UInt8(truncatingIfNeeded: carry)
      carry >>= 8
    }
    #expect(throws: ChainError(.bigScalar, "")) { try verify(sum) }
    #expect(throws: ChainError(.bigScalar, "")) { try verify(Array(signature.bytes.prefix(32)) + order) }
    var below = order
    below[0] -= 1
    #expect(throws: ChainError(.badSignature, "")) { try verify(Array(signature.bytes.prefix(32)) + below) }
  }

  /// The eight points of small order, the other names of three of them, and a y that is no field element.
  static let weak = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  ]

  @Test(arguments: weak) func aWeakKeyIsRefusedByName(_ hex: String) throws {
    let key = try SigningKey(hex: hex)
    #expect(throws: ChainError(.smallOrderKey, "")) {
      try SignatureCheck.verify(signature, label: .roster, body: body, key: key)
    }
    #expect(throws: ChainError(.smallOrderKey, "")) { try SignatureCheck.check(key, "key") }
  }

  /// Why the list is needed: under the neutral point, R = the neutral point and S = 0 sign everything, and the library
  /// agrees.
  @Test func theLibraryAloneWouldTakeAnythingUnderTheNeutralPoint() throws {
    let neutral = try Hex.decode(Self.weak[0])
    let forged = neutral + [UInt8](repeating: 0, count: 32)
    #expect(SignatureCheck.isValid(forged, message: [1, 2, 3], key: neutral))
    #expect(throws: ChainError(.smallOrderKey, "")) {
      try SignatureCheck.verify(
        PumpkiiWire.Signature(forged), label: .roster, body: [1, 2, 3], key: SigningKey(neutral))
    }
  }

  /// RFC 8032 §7.1, TEST 2.
  @Test func theStandardsOwnSignatureVerifies() throws {
    let key = try Hex.decode("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
    let signature = try Hex.decode(
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
    #expect(SignatureCheck.isValid(signature, message: [0x72], key: key))
    #expect(!SignatureCheck.isValid(signature, message: [0x73], key: key))
  }
}

@Suite struct SealingKeyCheckTests {
  @Test func goodKeysPass() throws {
    let x25519 = Curve25519.KeyAgreement.PrivateKey()
    try SealingKeyCheck.verify(.x25519, Array(x25519.publicKey.rawRepresentation))
    let xWing = try XWingMLKEM768X25519.PrivateKey.generate()
    try SealingKeyCheck.verify(.xWing, Array(xWing.publicKey.rawRepresentation))
  }

  @Test func keysThatAgreeToZeroAreRefused() throws {
    let zero = [UInt8](repeating: 0, count: 32)
    #expect(throws: ChainError(.smallOrderKey, "")) { try SealingKeyCheck.verify(.x25519, zero) }
    #expect(throws: ChainError(.smallOrderKey, "")) { try SealingKeyCheck.verify(.x25519, [1] + zero.dropFirst()) }
    let xWing = try Array(XWingMLKEM768X25519.PrivateKey.generate().publicKey.rawRepresentation)
    #expect(throws: ChainError(.smallOrderKey, "")) { try SealingKeyCheck.verify(.xWing, xWing.dropLast(32) + zero) }
  }

  @Test func malformedKeysAreRefused() throws {
    let xWing = try Array(XWingMLKEM768X25519.PrivateKey.generate().publicKey.rawRepresentation)
    let unreduced = [UInt8](repeating: 0xff, count: 1152) + xWing.suffix(64)
    #expect(throws: ChainError(.malformed, "")) { try SealingKeyCheck.verify(.xWing, unreduced) }
    #expect(throws: ChainError(.malformed, "")) { try SealingKeyCheck.verify(.x25519, xWing) }
    #expect(throws: ChainError(.malformed, "")) { try SealingKeyCheck.verify(.xWing, Array(xWing.dropLast())) }
  }
}
