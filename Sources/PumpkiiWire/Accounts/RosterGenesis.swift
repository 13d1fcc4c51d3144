/// Entry 1 of a roster: who owns the device, signed by the device with the label `roster`.
package struct RosterGenesis: WireBody {
  package static let fieldName = "roster genesis"
  package var device: DeviceID
  /// ``device`` is made from it.
  package var deviceKey: SigningKey
  package var owner: AccountID
  /// The owner's chain as the device was shown it: its version and head.
  package var ownerVersion: UInt32
  package var ownerHead: Digest
  /// The policy the device had before and adopted; 0 and zero when it had none.
  package var policyVersion: UInt64
  package var policyHash: Digest

  package init(
    device: DeviceID, deviceKey: SigningKey, owner: AccountID, ownerVersion: UInt32, ownerHead: Digest,
    policyVersion: UInt64 = 0, policyHash: Digest = .zero
  ) {
    self.device = device
    self.deviceKey = deviceKey
    self.owner = owner
    self.ownerVersion = ownerVersion
    self.ownerHead = ownerHead
    self.policyVersion = policyVersion
    self.policyHash = policyHash
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(device)
    writer.write(deviceKey)
    writer.write(owner)
    writer.write(ownerVersion)
    writer.write(ownerHead)
    writer.write(policyVersion)
    writer.write(policyHash)
  }

  /// - Throws: ``WireError`` `truncated`.
  package init(_ reader: inout ByteReader) throws(WireError) {
    device = try reader.read("device id")
    deviceKey = try reader.read("device key")
    owner = try reader.read("owner account")
    ownerVersion = try reader.read("owner version")
    ownerHead = try reader.read("owner head")
    policyVersion = try reader.read("policy version")
    policyHash = try reader.read("policy hash")
  }
}
