internal import Crypto
internal import FoundationEssentials
internal import NIOSSL
internal import PumpkiiChain
internal import PumpkiiSystem
internal import PumpkiiWire
internal import SwiftASN1
internal import X509

/// The relay's certificate and key. The certificate names nobody and does not run out: what clients trust is its hash.
struct RelayIdentity {
  static let certificateFile = "relay.crt"
  static let keyFile = "relay.key"

  let certificate: NIOSSLCertificate
  let key: NIOSSLPrivateKey
  /// SHA-256 of the certificate in DER.
  let pin: PumpkiiWire.Digest

  /// Makes a key and a certificate in `home`, unless they are there.
  /// - Returns: the pin.
  static func make(home: String) throws(RelayError) -> PumpkiiWire.Digest {
    do {
      try DurableFile.makeFolder(home)
      if DurableFile.exists("\(home)/\(certificateFile)") { return try load(home: home).pin }
      let key = P256.Signing.PrivateKey()
      let certificate = try certificate(for: key)
      // The key first: a certificate without its key would be taken for a whole identity.
      try DurableFile.write(Array(key.pemRepresentation.utf8), to: "\(home)/\(keyFile)", mode: 0o600)
      let pem = try certificate.serializeAsPEM().pemString
      try DurableFile.write(Array(pem.utf8), to: "\(home)/\(certificateFile)", mode: 0o644)
      return try load(home: home).pin
    } catch let error as RelayError {
      throw error
    } catch let error as SystemError {
      throw RelayError(.home, error.description)
    } catch {
      throw RelayError(.certificate, "no certificate can be made: \(error)")
    }
  }

  static func load(home: String) throws(RelayError) -> RelayIdentity {
    do {
      guard let pem = try DurableFile.read("\(home)/\(certificateFile)", limit: 1 << 20),
        let key = try DurableFile.read("\(home)/\(keyFile)", limit: 1 << 20)
      else { throw RelayError(.certificate, "\(home) holds no certificate; run: pumpkii-relay init --home \(home)") }
      let certificate = try NIOSSLCertificate(bytes: pem, format: .pem)
      return RelayIdentity(
        certificate: certificate, key: try NIOSSLPrivateKey(bytes: key, format: .pem),
        pin: Hashes.sha256(try certificate.toDERBytes()))
    } catch let error as RelayError {
      throw error
    } catch {
      throw RelayError(.certificate, "the certificate in \(home) cannot be read: \(error)")
    }
  }

  /// P-256, a root of its own, from 2001 to the end of what a certificate can say.
  private static func certificate(for key: P256.Signing.PrivateKey) throws -> Certificate {
    let name = try DistinguishedName { CommonName("pumpkii-relay") }
    return try Certificate(
      version: .v3,
      serialNumber: Certificate.SerialNumber(),
      publicKey: Certificate.PublicKey(key.publicKey),
      // 2001-01-01T00:00:00Z and 9999-12-31T23:59:59Z
      notValidBefore: Date(timeIntervalSince1970: 978_307_200),
      notValidAfter: Date(timeIntervalSince1970: 253_402_300_799),
      issuer: name,
      subject: name,
      signatureAlgorithm: .ecdsaWithSHA256,
      extensions: try Certificate.Extensions {
        Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
        Critical(KeyUsage(digitalSignature: true, keyCertSign: true))
      },
      issuerPrivateKey: Certificate.PrivateKey(key))
  }
}
