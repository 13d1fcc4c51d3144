internal import PumpkiiChain
package import PumpkiiWire

/// What is derived from an epoch's base keys, and the byte strings that bind them (`docs/protocol.md`, key schedule).
package enum KeySchedule {
  /// Bytes of a base key.
  static let baseKeyByteCount = 32

  /// What commits the device to one key for all recipients: two recipients cannot be given different keys unnoticed.
  package static func commitment(
    to base: SecretBytes, device: DeviceID, uid: EpochUID, mediaClass: MediaClass
  ) -> PumpkiiWire.Digest {
    let context = device.bytes + uid.bytes + [mediaClass.rawValue]
    let commit = KeyDerivation.labeled("pumpkii/1 commit", context, from: base, count: Digest.byteCount)
    guard let digest = try? Digest(commit.exposed) else { preconditionFailure("32 bytes were asked for") }
    return digest
  }

  /// The bytes that every object's AAD holds after its SFrame header.
  package static func metadata(clear: some Collection<UInt8>, uid: EpochUID) -> [UInt8] {
    Array("pumpkii/1 media".utf8) + clear.prefix(ObjectHeader.authenticatedByteCount) + uid.bytes
  }

  /// What a device signs for an object: bytes 0..<36 and the SFrame bytes, which are all but the signature.
  package static func objectDigest(_ object: [UInt8]) -> PumpkiiWire.Digest {
    Hashes.sha256(object.dropLast(Signature.byteCount))
  }
}
