import Foundation
import PumpkiiChain
import PumpkiiVault
import PumpkiiWire
import Testing

struct SecretsTests {
  @Test func theLastOwnersReleaseIsTheWipe() {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: 64, alignment: 16)
    defer { unsafe memory.deallocate() }
    unsafe memory.copyBytes(from: repeatElement(0xa5, count: 64))
    do {
      let secret = unsafe SecretBytes(owned: memory) { _ in }
      let other = secret
      #expect(other.exposed == Array(repeating: 0xa5, count: 64))
    }
    #expect(unsafe memory.allSatisfy { $0 == 0 })
  }

  @Test func arraysAreWipedInPlace() {
    var bytes: [UInt8] = Array(repeating: 7, count: 33)
    CryptoWipe.wipe(&bytes)
    #expect(bytes == Array(repeating: 0, count: 33))
  }

  @Test func whatIsTakenIsWipedWhereItWas() {
    var bytes: [UInt8] = Array(repeating: 7, count: 33)
    let secret = SecretBytes(takingAndWiping: &bytes)
    #expect(secret.exposed == Array(repeating: 7, count: 33))
    #expect(bytes == Array(repeating: 0, count: 33))
  }

  @Test func comparison() {
    #expect(CryptoWipe.equal([], []))
    #expect(CryptoWipe.equal([1, 2], [1, 2]))
    #expect(!CryptoWipe.equal([1, 2], [1, 3]))
    #expect(!CryptoWipe.equal([1, 2], [1, 2, 3]))
    #expect(SecretBytes([1, 2]).equals(SecretBytes([1, 2])))
    #expect(!SecretBytes([1, 2]).equals(SecretBytes([1])))
    #expect(!SecretBytes([1, 2]).equals(SecretBytes([2, 2])))
  }

  @Test func keysSurviveTheirFile() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pumpkii-keys-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let signingPath = folder.appending(path: "signing").path
    let sealingPath = folder.appending(path: "sealing").path
    #expect(try SigningIdentity.load(signingPath) == nil)
    #expect(try SealingKeyPair.load(sealingPath) == nil)
    let identity = SigningIdentity()
    try identity.save(signingPath)
    #expect(try SigningIdentity.load(signingPath)?.publicKey == identity.publicKey)
    // Saving leaves the key whole.
    try SignatureCheck.verify(identity.sign(.login, [1]), label: .login, body: [1], key: identity.publicKey)
    for suite in SealingSuite.allCases {
      let pair = SealingKeyPair(suite: suite)
      try pair.save(sealingPath)
      #expect(try SealingKeyPair(serialized: pair.serialized).publicKey == pair.publicKey, "the key is still whole")
      #expect(try SealingKeyPair.load(sealingPath)?.publicKey == pair.publicKey)
      #expect(try SealingKeyPair.load(sealingPath)?.keyID == pair.keyID)
    }
    let mode = try FileManager.default.attributesOfItem(atPath: signingPath)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(throws: VaultError(.badKey, "")) { try SigningIdentity.load(sealingPath) }
    try Data("pumpkii/1 signing-key\nff\n".utf8).write(to: URL(filePath: signingPath))
    #expect(throws: VaultError(.badKey, "")) { try SigningIdentity.load(signingPath) }
    for damaged in [String(repeating: "f", count: 63), String(repeating: "g", count: 64)] {
      try Data("pumpkii/1 signing-key\n\(damaged)\n".utf8).write(to: URL(filePath: signingPath))
      #expect(throws: VaultError(.badKey, "")) { try SigningIdentity.load(signingPath) }
    }
    try Data("pumpkii/1 signing-key\n\(String(repeating: "0a", count: 32))\n".utf8)
      .write(to: URL(filePath: signingPath))
    let known = try SigningIdentity(seed: Array(repeating: 0x0a, count: 32))
    #expect(try SigningIdentity.load(signingPath)?.publicKey == known.publicKey)
  }

  @Test func badSecretsAreRefused() {
    #expect(throws: VaultError(.badKey, "")) { try SigningIdentity(seed: [1]) }
    #expect(throws: VaultError(.badKey, "")) { try SealingKeyPair(suite: .xWing, secret: SecretBytes([1])) }
    #expect(throws: VaultError(.badKey, "")) { try SealingKeyPair(serialized: [3] + Array(repeating: 0, count: 32)) }
    #expect(throws: VaultError(.badKey, "")) { try SealingKeyPair(serialized: []) }
    #expect(throws: VaultError(.badKey, "")) { try RecoverySeed(bytes: [1]) }
  }

  @Test func derivationHasALimit() {
    #expect(throws: VaultError(.malformed, "")) {
      try KeyDerivation.hkdf(secret: SecretBytes([1]), info: [], count: 255 * 64 + 1)
    }
  }
}
