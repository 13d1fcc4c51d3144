/// How far the device has come, signed by it with the label `ledger` and kept beside its key: whoever brings back an
/// older disk, or takes entries away, does not reach this number.
package struct AuditAnchor: WireBody {
  package static let fieldName = "counter"
  /// Where a ledger's first u8 is 1 or 2, so that neither can stand in for the other.
  private static let mark: UInt8 = 3

  /// A ledger's number of entries and the hash after the last.
  package struct Head: Sendable, Hashable {
    package var count: UInt64
    package var hash: Digest

    package init(count: UInt64 = 0, hash: Digest = .zero) {
      self.count = count
      self.hash = hash
    }

    /// Further on, or the same.
    func follows(_ old: Head) -> Bool { count > old.count || self == old }
  }

  package var device: DeviceID
  package var policyVersion: UInt64
  package var policyHash: Digest
  package var rosterVersion: UInt64
  package var consent: Head
  package var decisions: Head
  /// The highest clip number that was ever given.
  package var clip: UInt64

  /// Of a device that has done nothing yet.
  package init(device: DeviceID) {
    self.device = device
    policyVersion = 0
    policyHash = .zero
    rosterVersion = 0
    consent = Head()
    decisions = Head()
    clip = 0
  }

  /// A ledger's head.
  package subscript(log: AuditLog) -> Head {
    get { log == .consent ? consent : decisions }
    set { if log == .consent { consent = newValue } else { decisions = newValue } }
  }

  /// Whether nothing of `old` is taken back.
  package func follows(_ old: AuditAnchor) -> Bool {
    device == old.device && rosterVersion >= old.rosterVersion && clip >= old.clip
      && consent.follows(old.consent) && decisions.follows(old.decisions)
      && (policyVersion > old.policyVersion || (policyVersion == old.policyVersion && policyHash == old.policyHash))
  }

  package func write(to writer: inout ByteWriter) {
    writer.write(Self.mark)
    writer.write(device)
    writer.write(policyVersion)
    writer.write(policyHash)
    writer.write(rosterVersion)
    for head in [consent, decisions] {
      writer.write(head.count)
      writer.write(head.hash)
    }
    writer.write(clip)
  }

  package init(_ reader: inout ByteReader) throws(WireError) {
    guard try reader.read(UInt8.self, "counter") == Self.mark else { throw WireError(.unknownType, "counter") }
    device = try reader.read("device id")
    policyVersion = try reader.read("policy version")
    policyHash = try reader.read("policy hash")
    rosterVersion = try reader.read("roster version")
    consent = Head(count: try reader.read("entries"), hash: try reader.read("head"))
    decisions = Head(count: try reader.read("entries"), hash: try reader.read("head"))
    clip = try reader.read("clip number")
  }
}
