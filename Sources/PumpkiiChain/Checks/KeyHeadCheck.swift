package import PumpkiiWire

/// The head of a key message, as a reader checks it before anything in it counts.
package enum KeyHeadCheck {
  /// Decodes and verifies a head of `device`: the device key in it must make exactly that device id and have signed it.
  /// - Throws: ``ChainError`` `malformed`, `wrongDevice`, `smallOrderKey`, `bigScalar` or `badSignature`.
  package static func verify(_ bytes: [UInt8], device: DeviceID) throws(ChainError) -> Signed<KeyHead> {
    let head = try Decoding.signed(KeyHead.self, bytes)
    guard head.body.device == device, DeviceID(of: head.body.deviceKey) == device else {
      throw ChainError(.wrongDevice, "key head")
    }
    try SignatureCheck.verify(head.signature, label: .keyHead, body: head.bodyBytes, key: head.body.deviceKey)
    guard Set(head.body.entryDigests).count == head.body.entryDigests.count else {
      throw ChainError(.malformed, "an entry stands twice in the key head")
    }
    return head
  }
}
