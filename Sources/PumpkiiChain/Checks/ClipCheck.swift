package import PumpkiiWire

/// The record of a clip, before its number and ends count.
package enum ClipCheck {
  /// Verifies a signed ``ClipRecord`` of the device whose key is `key`. Which objects it speaks of is told by KIDs;
  /// that they are its device's is each object's own signature.
  /// - Throws: ``ChainError`` `malformed`, `wrongDevice`, `smallOrderKey`, `bigScalar` or `badSignature`.
  package static func verify(_ bytes: [UInt8], key: SigningKey) throws(ChainError) -> Signed<ClipRecord> {
    let record = try Decoding.signed(ClipRecord.self, bytes)
    guard record.body.device == DeviceID(of: key) else { throw ChainError(.wrongDevice, "clip record") }
    try SignatureCheck.verify(record.signature, label: .clip, body: record.bodyBytes, key: key)
    return record
  }
}
